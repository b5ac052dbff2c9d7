/* <div data-chart="stack" data-source="table-id">: stacked columns out of the table below; without script the table remains. */
document.querySelectorAll("[data-chart]").forEach(function (box) {
  var table = document.getElementById(box.dataset.source);
  if (!table || !window.echarts) return;
  var token = function (name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  };
  var heads = [].map.call(table.tHead.rows[0].cells, function (cell) {
    return cell.textContent.trim();
  });
  var rows = [].map.call(table.tBodies[0].rows, function (row) {
    return [].map.call(row.cells, function (cell) {
      return cell.textContent.trim();
    });
  });
  var tones = ["#E7B5AE", "#C9564D", "#8E1713"];
  var chart = echarts.init(box, null, { renderer: "svg" });
  function draw() {
    // At night the longest delay is the lightest, and a line keeps the darkest column apart from the sheet.
    var night = document.documentElement.dataset.bsTheme === "dark";
    var shades = night ? tones.slice().reverse() : tones;
    chart.setOption({
      animation: false,
      textStyle: { color: token("--p-ink"), fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: token("--p-ink") }, itemWidth: 12, itemHeight: 12 },
      tooltip: { trigger: "axis", renderMode: "richText" },
      aria: { enabled: true },
      xAxis: {
        type: "category",
        data: rows.map(function (row) {
          return row[0];
        }),
        axisTick: { show: false },
        axisLabel: { color: token("--p-ink2") },
        axisLine: { lineStyle: { color: token("--p-control") } },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        axisLabel: { color: token("--p-ink2") },
        splitLine: { lineStyle: { color: token("--p-line") } },
      },
      series: heads.slice(1).map(function (name, place) {
        return {
          name: name,
          type: "bar",
          stack: "all",
          barMaxWidth: 34,
          itemStyle: { color: shades[place % 3], borderColor: token("--p-control"), borderWidth: night ? 1 : 0 },
          data: rows.map(function (row) {
            return Number(row[place + 1]);
          }),
        };
      }),
    });
  }
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  window.addEventListener("resize", function () {
    chart.resize();
  });
});
