/*
  <details data-unfold="id-of-a-field" data-unfold-value="not_reached">
  Opens when the field takes the value; it never closes by itself, for what was typed inside must stay in sight.
*/
document.querySelectorAll("details[data-unfold]").forEach(function (details) {
  var field = document.getElementById(details.dataset.unfold);
  if (!field) return;
  field.addEventListener("change", function () {
    if (field.value === details.dataset.unfoldValue) details.open = true;
  });
});
