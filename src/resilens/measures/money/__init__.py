"""Which amounts of money does a text name? Numbers in Western and Chinese writing, with bounds, currency and unit.

`amounts` is the one way in. `plain` narrows a text without moving a character; `digits`, `chinese` and `english` say
what a number is worth; `numbers` finds numbers; `currencies`, `bounds` and `units` read the words around one; `bare`
decides where a number without a currency is money; `reading` puts them together.

What is read is what is written. Nobody's prices are checked, and an amount that only its context makes one ("I pay 12
for that", where nothing says that money is meant) is left out.
"""

from resilens.measures.money.amount import Amount
from resilens.measures.money.reading import amounts

__all__ = ["Amount", "amounts"]
