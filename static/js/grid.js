/* <table data-grid>: one tab stop, arrows move between the cells that lead somewhere. */
document.querySelectorAll("table[data-grid]").forEach(function (table) {
  var links = table.querySelectorAll("td a");
  links.forEach(function (link, place) {
    link.tabIndex = place ? -1 : 0;
  });
  table.addEventListener("keydown", function (event) {
    var move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    var cell = event.target.closest("td");
    if (!move || !cell) return;
    event.preventDefault();
    var row = cell.parentElement,
      column = cell.cellIndex;
    for (;;) {
      if (move[1]) column += move[1];
      else row = move[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
      if (!row || column < 1 || column >= row.cells.length) return;
      var link = row.cells[column] && row.cells[column].querySelector("a");
      if (link) {
        links.forEach(function (other) {
          other.tabIndex = -1;
        });
        link.tabIndex = 0;
        link.focus();
        return;
      }
      if (!move[1] && row.cells.length < 2) continue;
    }
  });
});
