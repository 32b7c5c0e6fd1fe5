// What every page does with scripts on: suggestions while typing, lists filtered, text copied, charts drawn when there are any.
import "./base.css";
import "./things.css";
import { copies } from "./copy";
import { filters } from "./filter";
import { suggestions } from "./suggest";

suggestions(document);
filters(document);
copies(document);
if (document.querySelector("figure[data-chart]")) {
  void import("./figures").then(({ figures }) => figures(document));
}
