// Built from island/src by `npm run build`; not edited by hand.
"use strict";
(() => {
})();
