/* Says so where the device's clock is not the one that the page goes by. */
for (const note of document.querySelectorAll("[data-offset]")) {
  note.hidden = Number(note.dataset.offset) === -new Date().getTimezoneOffset();
}
