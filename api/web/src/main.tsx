import "./styles/base.css";
import "./styles/summary.css";
import "./styles/schedule.css";
import "./styles/parts.css";
import { render } from "preact";
import { App } from "./views/app";
import { followAddress } from "./session";

// Before anything is drawn: a token in the address must not outlive this line there.
followAddress();
addEventListener("hashchange", followAddress);

const root = document.getElementById("app");
if (root) render(<App />, root);
