"""A made-up plan as a Word document, to try the plan reader with: it says in its title and first line that it is fiction."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from hengtan.basis.whole_files import write_whole

TITLE = "示例县绿色低碳发展行动方案（2026—2030年）"
FICTION = "本文为试用“规划读取”而编写的虚构样例，不是任何地区的规划。"
PARTS: Sequence[tuple[str, Sequence[str]]] = (
    (
        "一、总体要求",
        (
            "（一）指导思想。坚持生态优先、绿色发展，统筹发展与减排、整体与局部、短期与中长期。",
            "（二）主要目标。到2030年，全县单位GDP能耗比2025年下降12%，非化石能源消费比重达到28%左右，森林覆盖率达到61.5%以上，空气质量优良天数比率稳定在92%以上，PM2.5年均浓度控制在27微克/立方米以内。2025年，全县森林覆盖率已达到59.8%。",
        ),
    ),
    (
        "二、重点任务",
        (
            "（一）能源转型。到2030年，光伏、风电装机分别达到60万千瓦和25万千瓦，其中分布式光伏装机达到20万千瓦。（县发展改革局、县供电公司按职责分工负责）",
            "（二）工业降碳。到2028年，培育绿色工厂15家、绿色园区2个；到2030年，规模以上工业单位增加值能耗比2025年下降15%，力争下降17%。（县经济信息局负责）",
            "（三）绿色交通。到2030年，新建充电桩2000个以上，新能源公交车占比达到90%，大宗货物铁路运输占比较2025年提高6个百分点。",
            "（四）循环利用。到2030年，生活垃圾回收利用率达到45%，化肥农药利用率均达到46%，畜禽粪污综合利用率不低于92%。",
            "（五）生态碳汇。“十五五”期间完成造林10万亩，湿地保护率达到58%。",
        ),
    ),
    (
        "三、支撑体系",
        (
            "（一）建设平台。2027年前建成碳排放统计监测平台，建立健全生态产品价值实现机制。",
            "（二）资金保障。安排县级专项资金3000万元，对完成节能改造的企业按投资额的10%给予补助。",
        ),
    ),
)
TABLE = (
    ("指标", "单位", "2025年现状", "2028年", "2030年", "属性"),
    ("再生水利用率", "%", "18", "22", "25", "预期性"),
    ("绿色建筑占新建建筑比例", "%", "72", "88", "95以上", "约束性"),
    ("万元GDP用水量下降", "%", "—", "〔7〕", "〔12〕", "约束性"),
)


def write_sample(path: Path) -> Path:
    """Write the sample as .docx, whole or not at all."""
    import docx

    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(FICTION)
    for title, paragraphs in PARTS:
        document.add_paragraph(title)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    document.add_paragraph("附表 主要指标")
    table = document.add_table(rows=len(TABLE), cols=len(TABLE[0]))
    table.style = "Table Grid"
    for row, texts in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    held = io.BytesIO()
    document.save(held)
    return write_whole(path, held.getvalue())
