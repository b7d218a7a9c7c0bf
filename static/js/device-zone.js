// Sends the device's time zone with the sign-up, and shows the sentence that says so.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone) {
  document.getElementById("id_timezone").value = zone;
  document.querySelector("[data-device-zone]").hidden = false;
}
