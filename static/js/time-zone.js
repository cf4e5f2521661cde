// The browser knows its own time zone: chosen where nothing else was.
const zone = document.getElementById("id_time_zone");
if (zone && zone.value === "UTC") {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === own)) {
    zone.value = own;
  }
}
