// Offers the device's own time zone below the list, where the list has it and shows another one.
const list = document.getElementById("id_timezone");
const offer = document.querySelector("[data-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const option = [...list.options].find(({ value }) => value === zone);

if (option && !option.selected) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet";
  button.textContent = option.textContent;
  button.addEventListener("click", () => {
    option.selected = true;
    offer.hidden = true;
    list.focus();
  });
  offer.append(`${offer.dataset.zone} `, button);
  offer.hidden = false;
}
