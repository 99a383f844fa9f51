"""Green certificates: issue and trade, the account of a holder, the factor of what is left.

发改能源〔2023〕1044号.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.green_power import formulas as f
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

CERTIFICATE_LAW = "发改能源〔2023〕1044号"
KWH_A_MWH = 1000
NEAR = 1e-6
"""Noise of floats in an amount of power. [kWh]"""


SOURCES = {
    "wind": "风电",
    "solar": "太阳能发电、光伏、光热",
    "biomass": "生物质发电",
    "ocean": "海洋能等其他可再生能源发电",
    "hydro": "常规水电",
}


def certificates(calc: Calc) -> dict[str, Any]:
    """Certificates of an energy, whether they may be traded, what is carried over, and the last day
    they hold. [certificates]

    Hydropower: tradable only where fully in the market and commissioned from 2023-01-01; other
    hydropower gets certificates that are not traded.
    """
    size = calc.param("green.certificate.kwh")
    number = calc.step(
        "绿证",
        float(f.whole_certificates(calc["energy"], size)),
        unit="个",
        how=f"电量 ÷ {size:g} 千瓦时，取整",
        clause=CERTIFICATE_LAW,
    )
    tradable, why = True, SOURCES[calc["source"]]
    if calc["source"] == "hydro":
        if not calc["commissioned"]:
            raise calc.refuse(
                "常规水电要给投产日期（commissioned）",
                "hydropower needs the day it was commissioned",
                todo="补上",
                todo_en="give commissioned",
            )
        began = calc["commissioned"]
        new_from = calc.day_param("green.certificate.hydro_from")
        tradable = began >= new_from and calc["marketised"]
        why = "存量或未完全市场化的常规水电，核发但不交易"
        if tradable:
            why = f"{new_from}及以后新投产的完全市场化常规水电"
    calc.step("可交易", tradable, "", why, CERTIFICATE_LAW)
    outputs: dict[str, Any] = {
        "certificates": number,
        "tradable": tradable,
        "carried": calc.step(
            "结转电量",
            max(0.0, calc["energy"] - number * size),
            unit="千瓦时",
            how="不足一个绿证的结转（凭记忆）",
        ),
    }
    if calc["month"]:
        months = int(calc.param("green.certificate.months"))
        try:
            produced = Period.read(calc["month"])
        except HengtanError:
            raise calc.refuse(
                f"生产月份“{calc['month']}”读不出",
                "month cannot be read",
                todo="写成 2024-09",
                todo_en="write 2024-09",
            ) from None
        if produced.kind != "month":
            raise calc.refuse(
                f"“{calc['month']}”不是月份",
                "month is no month",
                todo="写成 2024-09",
                todo_en="write 2024-09",
            )
        ends = produced.start.month - 1 + months
        last = date(
            produced.start.year + ends // MONTHS_A_YEAR, ends % MONTHS_A_YEAR + 1, 1
        ) - timedelta(days=1)
        outputs |= {
            "last": calc.step(
                "有效期至", last.isoformat(), how=f"自电量生产自然月（含）起{months}个月"
            ),
            "valid": calc.day <= last,
        }
    return outputs


def _account(
    issued: float,
    bought: float,
    sold: float,
    cancelled: float,
    use: float,
    self_generated: float,
    factor: float,
) -> dict[str, Any]:
    return {
        "balance": issued + bought - sold - cancelled,
        "factor_after": f.residual_factor(use, cancelled + self_generated, factor),
    }


def account(calc: Calc) -> dict[str, Any]:
    """Certificates held, and the factor of purchased power once those cancelled are taken off: one
    that is sold or held does not count. [certificates, unit of factor]
    """
    outputs = _account(
        *(
            calc[k]
            for k in ("issued", "bought", "sold", "cancelled", "use", "self_generated", "factor")
        )
    )
    if outputs["balance"] < 0:
        raise calc.refuse(
            f"卖出与核销比持有的多{-outputs['balance']:g}个",
            "more is sold and cancelled than held",
            todo="核对数量",
            todo_en="check the amounts",
        )
    if calc["use"] <= 0:
        raise calc.refuse("用电量应大于零", "use must be positive", "填用电量", "give use")
    calc.step("绿证余额", outputs["balance"], "个", "核发 + 买入 − 卖出 − 核销")
    if calc["cancelled"] + calc["self_generated"] > calc["use"]:
        calc.warn("核销与自用超过用电量，超过部分不抵减")
    calc.step(
        "调整后电力因子",
        outputs["factor_after"],
        how="(用电量 − 核销绿证电量 − 自发自用) × 因子 ÷ 用电量；"
        "因子应为剔除市场化交易非化石电量的口径，避免重复计算",
    )
    return outputs


def lot(calc: Calc) -> dict[str, Any]:
    """A holder's batch: what is left of it, and whether any of the power behind it was used twice:
    more certificates than power, credits for the same power, more settled under a contract than
    certificates came with it, more gone than was held. [certificates]
    """
    faults = []
    balance = calc["issued"] + calc["bought"] - calc["sold"] - calc["cancelled"]
    calc.step("批次余额", balance, "个", "核发 + 买入 − 卖出 − 核销")
    if balance < 0:
        faults.append(f"卖出与核销多于持有{-balance:g}个")
    if calc["energy"] is not None:
        size = calc.param("green.certificate.kwh")
        whole = float(f.whole_certificates(calc["energy"], size))
        over = calc["issued_in_all"] + calc["credited"] - whole
        calc.step("电量可核发", whole, "个", f"电量 ÷ {size:g} 千瓦时，取整", CERTIFICATE_LAW)
        if over > 0:
            credited = f"（其中已签发减排量{calc['credited']:g}兆瓦时）" if calc["credited"] else ""
            faults.append(f"核发多于电量{over:g}个{credited}")
    came = (calc["issued"] + calc["bought"]) * calc.param("green.certificate.kwh")
    if calc["settled"] > came + NEAR:
        calc.warn(f"合同结算电量比随电绿证多{(calc['settled'] - came) / KWH_A_MWH:g}兆瓦时")
    words = "；".join(faults) or "没有重复使用"
    return {"balance": balance, "verdict": calc.step("核对", words, clause=CERTIFICATE_LAW)}


RULES = (
    Rule(
        id="green.certificate_lot",
        title_zh="绿证批次对账（不重复使用）",
        title_en="A batch of certificates used once",
        law=f"{CERTIFICATE_LAW}（唯一性、不重复计算）",
        valid_from=date(2023, 8, 3),
        inputs=(
            *(
                Input(name, zh, unit="个", default=0.0)
                for name, zh in (
                    ("issued", "核发"),
                    ("bought", "买入"),
                    ("sold", "卖出"),
                    ("cancelled", "核销"),
                    ("issued_in_all", "该批次核发合计"),
                )
            ),
            Input("energy", "该批次核发电量", unit="千瓦时", optional=True),
            Input("credited", "同一电量已签发减排量的电量", unit="兆瓦时", default=0.0),
            Input("settled", "合同结算电量", unit="千瓦时", default=0.0),
        ),
        outputs=(Output("balance", "批次余额", unit="个"), Output("verdict", "核对")),
        compute=lot,
        needs=("green.certificate.kwh",),
    ),
    Rule(
        id="green.certificates",
        title_zh="绿证核发与交易资格",
        title_en="Green certificates",
        law=CERTIFICATE_LAW,
        valid_from=date(2023, 8, 3),
        inputs=(
            Input("energy", "可再生能源电量", unit="千瓦时", aliases=("电量",)),
            Input("source", "电源", kind="choice", choices=SOURCES),
            Input("commissioned", "投产日期", kind="date", optional=True),
            Input("marketised", "完全市场化", kind="flag", default=False),
            Input("month", "生产月份", kind="text", default=""),
        ),
        outputs=(
            Output("certificates", "绿证", unit="个"),
            Output("tradable", "可交易"),
            Output("carried", "结转电量", unit="千瓦时"),
            Output("last", "有效期至"),
            Output("valid", "案例日期有效"),
        ),
        compute=certificates,
        needs=(
            "green.certificate.kwh",
            "green.certificate.months",
            "green.certificate.hydro_from",
        ),
    ),
    Rule(
        id="green.certificate_account",
        title_zh="绿证账户与调整后电力因子",
        title_en="Account of certificates and adjusted factor",
        law=f"{CERTIFICATE_LAW}（唯一性、不重复计算）",
        valid_from=date(2023, 8, 3),
        inputs=(
            *(
                Input(n, z, unit="个", default=0.0)
                for n, z in (
                    ("issued", "核发"),
                    ("bought", "买入"),
                    ("sold", "卖出"),
                    ("cancelled", "核销"),
                )
            ),
            Input("use", "用电量", unit="兆瓦时"),
            Input("self_generated", "自发自用可再生电量", unit="兆瓦时", default=0.0),
            Input(
                name="factor",
                zh="电力因子",
                note="如全国电力平均二氧化碳排放因子（不包括市场化交易的非化石能源电量）",
            ),
        ),
        outputs=(
            Output("balance", "绿证余额", unit="个"),
            Output("factor_after", "调整后电力因子"),
        ),
        compute=account,
    ),
)
