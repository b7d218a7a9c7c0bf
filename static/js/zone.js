// Offers the device's own time zone below the list, where the list has it (perhaps by its newer name) and shows another.
const list = document.getElementById("id_timezone");
const offer = document.querySelector("[data-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const named = (name) => [...list.options].find(({ value }) => value === name);
const option = named(zone) ?? named(JSON.parse(offer.dataset.names)[zone]);

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
