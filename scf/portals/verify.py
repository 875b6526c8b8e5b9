"""The public page that verifies a paper by its number: no login, nothing of a deal but what is
printed.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from scf.documents.content import MAX_BYTES
from scf.documents.selectors import is_same_file, verify_paper
from scf.portals.parts import Fact


class NumberForm(forms.Form):
    number = forms.CharField(label=_("单据编号"), max_length=40)


class FileForm(forms.Form):
    file = forms.FileField(label=_("PDF 文件"), help_text=_("只在内存中比对摘要，不会保存"))

    def clean_file(self) -> bytes:
        """The bytes of a file no larger than any paper."""
        given = self.cleaned_data["file"]
        if given.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 10 MB"))
        return bytes(given.read())


def ask(request: HttpRequest) -> HttpResponse:
    """Asks for the number printed on the paper."""
    form = NumberForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("verify", number=form.cleaned_data["number"].strip())
    return render(request, "verify_ask.html", {"form": form})


def show(request: HttpRequest, number: str) -> HttpResponse:
    """What was issued under the number; an uploaded file is compared with it byte for byte."""
    found = verify_paper(number)
    form = FileForm(request.POST or None, request.FILES or None)
    verdict = ""
    if form.is_bound and form.is_valid():
        is_same = is_same_file(found, content=form.cleaned_data["file"])
        verdict = "same" if is_same else "different"
    facts = [
        Fact(_("编号"), found.number, is_mono=True),
        Fact(_("种类"), found.kind),
        Fact(_("出具日"), found.issued_on.isoformat()),
        Fact(_("金额（元）"), amount_minor=found.amount_minor),
        Fact(_("内容摘要 SHA-256"), found.data_sha256, is_mono=True),
        Fact(_("文件摘要 SHA-256"), found.file_sha256, is_mono=True),
        Fact(_("链上交易"), found.tx_hash or _("无"), is_mono=True),
    ]
    context = {"found": found, "facts": facts, "form": form, "verdict": verdict}
    return render(request, "verify.html", context)
