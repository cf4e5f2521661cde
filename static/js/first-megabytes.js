// A GGUF file may be hundreds of gigabytes; its head stands in front, so no more than the first megabytes are sent.
const ENOUGH_BYTES = 32 * 2 ** 20;

document.querySelector('.add-model input[type="file"]')?.addEventListener("change", (event) => {
  const chosen = event.target.files[0];
  if (!chosen || chosen.size <= ENOUGH_BYTES) return;
  const sent = new DataTransfer();
  sent.items.add(new File([chosen.slice(0, ENOUGH_BYTES)], chosen.name));
  event.target.files = sent.files;
});
