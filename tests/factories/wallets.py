"""Orders of a court about a wallet."""

from scf.wallets.lawful import LawfulOrder

ORDER = LawfulOrder("（2026）浙01执保77号", "杭州市中级人民法院", "协助冻结被执行人资金")
LIFT = LawfulOrder("（2026）浙01执保77号之一", "杭州市中级人民法院", "申请人撤回保全")
