/*
  <a data-toc="objectives">, <section data-read="objectives">: a part of the letter is read once its end has been in sight. Its
  entry in the contents is ticked, and <div data-reading data-some="%(read)s of %(total)s" data-all="All %(total)s"> says how
  many are, and <input data-parts> takes their codes along; that bar, which stands at the foot of a phone, goes away while the
  box to sign in is in sight.
*/
if ("IntersectionObserver" in window) {
  var parts = Array.from(document.querySelectorAll("[data-read]"));
  var bar = document.querySelector("[data-reading]");
  var kept = document.querySelector("[data-parts]");
  var read = new Set();

  function told() {
    if (!bar) return;
    var meter = bar.querySelector("progress"),
      words = bar.querySelector("span");
    var sentence = read.size < parts.length ? bar.dataset.some : bar.dataset.all;
    meter.max = parts.length;
    meter.value = read.size;
    words.textContent = sentence.replace("%(read)s", read.size).replace("%(total)s", parts.length);
    meter.hidden = words.hidden = false;
  }

  var ends = new Map(
    parts.map(function (part) {
      return [part.lastElementChild || part, part];
    }),
  );
  var seen = new IntersectionObserver(
    function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        var code = ends.get(entry.target).dataset.read;
        var link = document.querySelector('[data-toc="' + CSS.escape(code) + '"]');
        if (link) link.classList.add("p-read");
        read.add(code);
        if (kept) kept.value = Array.from(read).join(",");
        seen.unobserve(entry.target);
      });
      told();
    },
    { rootMargin: "0px 0px -" + (bar ? bar.offsetHeight : 0) + "px 0px" },
  );
  ends.forEach(function (_part, end) {
    seen.observe(end);
  });
  told();

  var box = document.getElementById("sign");
  if (bar && box) {
    new IntersectionObserver(function (entries) {
      bar.hidden = entries[0].isIntersecting;
    }).observe(box);
  }
}
