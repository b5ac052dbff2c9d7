/* <div data-chart="stack|bars|lines" data-source="table-id" data-from="0">: columns or lines out of the table below, without
   the columns that have data-skip; without script the table remains. "stack" is for delays, "bars" for any number. Lines are
   percentages unless data-from says where their axis begins. */
document.querySelectorAll("[data-chart]").forEach(function (box) {
  var table = document.getElementById(box.dataset.source);
  if (!table || !window.echarts) return;
  var token = function (name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  };
  var text = function (cell) {
    return (cell.dataset.short || cell.textContent).trim();
  };
  var titles = [].slice.call(table.tHead.rows[0].cells);
  function shown(row) {
    return [].filter.call(row.cells, function (_cell, place) {
      return !("skip" in titles[place].dataset);
    });
  }
  var heads = shown(table.tHead.rows[0]).map(text);
  var rows = [].map.call(table.tBodies[0].rows, function (row) {
    return shown(row).map(text);
  });
  var tones = ["#E7B5AE", "#C9564D", "#8E1713"];
  var lines = {
    light: ["#1B4B91", "#8C8412", "#5E1742", "#2E9494"],
    dark: ["#8FB6F4", "#F1D59D", "#DB5C8C", "#18B36B"],
  };
  var symbols = ["circle", "rect", "triangle", "diamond"];
  var strokes = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
  var chart = echarts.init(box, null, { renderer: "svg" });
  function values(place) {
    return rows.map(function (row) {
      return Number(row[place + 1]);
    });
  }
  function column(name, place, night) {
    // At night the longest delay is the lightest, and a line keeps the darkest column apart from the sheet.
    var shades = night ? tones.slice().reverse() : tones;
    if (box.dataset.chart === "bars") shades = lines[night ? "dark" : "light"];
    return {
      name: name,
      type: "bar",
      stack: "all",
      barMaxWidth: 34,
      itemStyle: {
        color: shades[place % shades.length],
        borderColor: token("--p-control"),
        borderWidth: night ? 1 : 0,
      },
      data: values(place),
    };
  }
  function line(name, place, night) {
    var colour = lines[night ? "dark" : "light"][place % 4];
    return {
      name: name,
      type: "line",
      symbol: symbols[place % 4],
      symbolSize: 7,
      itemStyle: { color: colour },
      lineStyle: { color: colour, width: 2, type: strokes[place % 4] },
      data: values(place),
    };
  }
  function draw() {
    var night = document.documentElement.dataset.bsTheme === "dark";
    var isLines = box.dataset.chart === "lines";
    var numbers = [].concat.apply(
      [],
      heads.slice(1).map(function (_name, place) {
        return values(place);
      }),
    );
    var lowest =
      "from" in box.dataset
        ? Number(box.dataset.from)
        : Math.floor(Math.min.apply(null, numbers.concat([100])) / 10) * 10;
    chart.setOption({
      animation: false,
      textStyle: { color: token("--p-ink"), fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: token("--p-ink") }, itemWidth: isLines ? 30 : 12, itemHeight: 12 },
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
        min: isLines ? lowest : 0,
        axisLabel: { color: token("--p-ink2") },
        splitLine: { lineStyle: { color: token("--p-line") } },
      },
      series: heads.slice(1).map(function (name, place) {
        return (isLines ? line : column)(name, place, night);
      }),
    });
  }
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  window.addEventListener("resize", function () {
    chart.resize();
  });
});
