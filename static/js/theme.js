/* <html data-theme="auto|light|dark">: the appearance before anything is painted. */
(function () {
  var html = document.documentElement,
    chosen = html.dataset.theme;
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  html.dataset.bsTheme = dark ? "dark" : "light";
})();
