/* What is in the page is complete without this; from here on it can be sorted, filtered and drawn. */
document.documentElement.classList.add("scripted");
document.body.append(make("p", { id: "told", class: "spoken", role: "status" }));
addThemeButton();
for (const box of document.querySelectorAll(".table")) enhanceTable(box);
for (const reader of document.querySelectorAll("[data-reader]")) enhanceReader(reader);
watchPlots();
followReading();
