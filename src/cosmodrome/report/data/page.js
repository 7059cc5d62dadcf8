(function () {
  "use strict";
  var texts = {};
  var pairs = JSON.parse(document.getElementById("pairs").textContent);
  var screenDark = window.matchMedia("(prefers-color-scheme: dark)");
  var config = { displayModeBar: false, displaylogo: false, responsive: true, showTips: false };
  var names = [];
  var linked = [];
  var printing = false;

  function place(name) { return document.getElementById("chart-" + name); }

  function chart(name) {
    var text = JSON.stringify(texts[name]);
    if (screenDark.matches && !printing) {
      Object.keys(pairs).forEach(function (light) { text = text.split(light).join(pairs[light]); });
    }
    return JSON.parse(text);
  }

  function is3d(name) { return texts[name].data.some(function (t) { return t.type === "scatter3d"; }); }

  function hasWebGl() {
    try {
      var canvas = document.createElement("canvas");
      return !!(canvas.getContext("webgl") || canvas.getContext("webgl2"));
    } catch (error) { return false; }
  }
  var webGl = hasWebGl();

  function draw(name) {
    var at = place(name);
    if (is3d(name) && !webGl) {
      at.className = "told";
      at.textContent = "This browser cannot draw in three dimensions (WebGL is off); the map shows the same path.";
      return;
    }
    var made = chart(name);
    var options = Object.assign({}, config, { scrollZoom: is3d(name) || name === "track" });
    Plotly.react(at, made.data, made.layout, options);
  }

  function drawAll() { names.forEach(draw); }

  function follow(name) {
    var at = place(name), busy = false;
    at.on("plotly_relayout", function (change) {
      if (busy) { return; }
      var to = null;
      if (change["xaxis.range[0]"] !== undefined) {
        to = { "xaxis.range": [change["xaxis.range[0]"], change["xaxis.range[1]"]] };
      } else if (change["xaxis.autorange"]) {
        to = { "xaxis.range": texts[name].layout.xaxis.range.slice() };
      }
      if (!to || at.dataset.following) { return; }
      linked.forEach(function (other) {
        if (other === name && change["xaxis.range[0]"] !== undefined) { return; }
        var there = place(other);
        there.dataset.following = "1";
        Plotly.relayout(there, to).then(function () { delete there.dataset.following; });
      });
    });
    at.on("plotly_hover", function (event) {
      if (busy || !event.event) { return; }
      busy = true;
      linked.forEach(function (other) {
        if (other === name) { return; }
        Plotly.Fx.hover(place(other), [{ curveNumber: 0, pointNumber: event.points[0].pointNumber }]);
      });
      busy = false;
    });
    at.on("plotly_unhover", function () {
      linked.forEach(function (other) { if (other !== name) { Plotly.Fx.unhover(place(other)); } });
    });
  }

  function unpacked(id) {
    var packed = atob(document.getElementById(id).textContent);
    var bytes = Uint8Array.from(packed, function (one) { return one.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  function begin(found) {
    var library = document.createElement("script");
    library.textContent = found[1];
    document.head.appendChild(library);
    texts = JSON.parse(found[0]);
    names = Object.keys(texts);
    drawAll();
    linked = names.filter(function (name) { return place(name).dataset.time === "1"; });
    linked.forEach(follow);
    screenDark.addEventListener("change", drawAll);
  }

  if (typeof DecompressionStream === "undefined") {
    document.querySelectorAll(".plot").forEach(function (at) {
      at.className = "told";
      at.textContent = "This browser is from before 2023 and cannot unpack the chart; every number stands in the tables.";
    });
    return;
  }
  Promise.all([unpacked("charts"), unpacked("library")]).then(begin);

  function fit() { names.forEach(function (name) { if (place(name).data) { Plotly.Plots.resize(place(name)); } }); }
  window.addEventListener("beforeprint", function () { printing = true; drawAll(); fit(); });
  window.addEventListener("afterprint", function () { printing = false; drawAll(); fit(); });
})();
