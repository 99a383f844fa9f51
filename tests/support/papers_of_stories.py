"""The papers of every case file of a workspace as .docx, for whoever wants to look at them."""

from __future__ import annotations

from pathlib import Path

from hengtan.basis.words import LANGUAGES
from hengtan.desk.case_documents import document_bytes, documents_of
from hengtan.desk.case_file_shown import paper
from hengtan.desk.case_files import heads_of, kinds_of, opened
from hengtan.report.word.case_file import case_file_bytes
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf


def write_papers(workspace: Workspace, folder: Path) -> None:
    """``<kind>.<document>.<subject>.docx`` and ``<kind>.file.<subject>.docx`` of each file, in
    English as ``….en.docx``.
    """
    as_of = AsOf.of()
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds_of(workspace):
        for subject in heads_of(workspace, kind):
            of_one = opened(workspace, kind, subject, as_of)
            for lang in LANGUAGES:
                of_day = paper(workspace, of_one, as_of.judged_on, lang)
                papers = {"file": case_file_bytes(of_day)}
                for issued in documents_of(of_one):
                    about = (workspace, of_one, issued.id, as_of.judged_on, lang)
                    papers[issued.id] = document_bytes(*about)
                end = "" if lang == "zh" else f".{lang}"
                for name, content in papers.items():
                    target = folder / f"{kind}.{name}.{subject.replace('/', '_')}{end}.docx"
                    target.write_bytes(content)
