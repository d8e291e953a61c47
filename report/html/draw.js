(function () {
  'use strict';
  var root = document.documentElement;
  var plots = Array.prototype.slice.call(document.querySelectorAll('[data-chart]'));

  // In print a chart is scaled by its viewBox: resizing before printing is not reliable.
  function frame(plot) {
    var svg = plot.querySelector('svg');
    if (svg) svg.setAttribute('viewBox', '0 0 ' + svg.getAttribute('width') + ' ' + svg.getAttribute('height'));
  }

  // Times are written as seconds since the one before, a text that is the one before as ''.
  function option(plot) {
    var o = JSON.parse(document.getElementById(plot.id + '-opt').textContent);
    [].concat(o.dataset || []).forEach(function (d) {
      var t = 0, text = '';
      d.source.t = d.source.t.map(function (s) { return (t += s) * 1000; });
      if (d.source.s) d.source.s = d.source.s.map(function (s) { return (text = s || text); });
    });
    return o;
  }

  // Colours are custom properties, which the SVG keeps as they are: they follow
  // the scheme, and paper, without a script.
  function draw(plot) {
    if (plot.chart || !plot.clientWidth) return;
    plot.chart = echarts.init(plot, null, { renderer: 'svg' });
    plot.chart.setOption(option(plot));
    plot.chart.getZr().flush();
    frame(plot);
  }

  function fit() {
    plots.forEach(function (plot) {
      if (!plot.chart || !plot.clientWidth) return;
      plot.chart.resize();
      plot.chart.getZr().flush();
      frame(plot);
    });
  }

  function open(element) {
    for (; element; element = element.parentElement) if (element.tagName === 'DETAILS') element.open = true;
  }

  function follow() {
    open(location.hash && document.getElementById(location.hash.slice(1)));
  }

  var folded = Array.prototype.slice.call(document.querySelectorAll('details.objective'));
  folded.forEach(function (section) {
    section.addEventListener('toggle', function () {
      plots.filter(function (plot) { return section.contains(plot); }).forEach(draw);
    });
  });
  addEventListener('beforeprint', function () {
    folded.forEach(function (section) { section.open = true; });
    plots.forEach(draw);
  });
  addEventListener('hashchange', follow);
  var waiting;
  addEventListener('resize', function () {
    clearTimeout(waiting);
    waiting = setTimeout(fit, 100);
  });

  follow();
  plots.forEach(draw);
  root.setAttribute('data-ready', plots.filter(function (plot) { return plot.chart; }).length);
})();
