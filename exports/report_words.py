"""The words of an evidence package's report and reading notes, in Italian and English."""

LANGUAGES = ("it", "en")

WORDS: dict[str, dict[str, str]] = {
    "it": {
        "heading": "Fascicolo di prova",
        "made": "Preparato il {moment} da {software}.",
        "source": "Fonte",
        "addresses": "Indirizzi",
        "sealed": "Sigillo",
        "sealed_by": "{size} voci del registro {origin}, sigillate il {moment}; radice {root}",
        "proves": "Che cosa prova",
        "proves_text": "Le acquisizioni qui elencate, con i corpi nel file WARC, stavano nel registro "
        "delle prove quando è stato sigillato, e da allora non sono state cambiate, tolte né scambiate. "
        "Lo prova chi confronta il sigillo con uno avuto da un'altra parte, per esempio con un riepilogo "
        "ricevuto per posta.",
        "not_proves": "Che cosa non prova",
        "not_proves_text": "Non prova che la pagina mostrasse lo stesso ad altri, né che fosse vero ciò che "
        "diceva: attesta ciò che è arrivato a chi la osservava. L'ora è quella del suo orologio, "
        "salvo dove una marca temporale la conferma. Questa relazione è solo un aiuto alla lettura: "
        "fanno fede evidence.json e captures.warc.gz.",
        "check": "Come si verifica: python3 verify_package.py FASCICOLO.zip, con lo script dei documenti di "
        "coopwatch (solo Python, senza rete).",
        "records": "Il progetto nel tempo",
        "from": "dal {moment}",
        "gone": "non più presente",
        "changes": "Che cosa è cambiato",
        "no_changes": "Nessuna modifica.",
        "captures": "Acquisizioni",
        "when": "Quando",
        "answer": "Risposta",
        "verdict": "Esito",
        "body": "Corpo (SHA-256)",
        "entry": "Voce",
        "unsealed": "non ancora sigillata",
        "none": "nessuno",
        "dropped": "non più conservato: ne resta l'impronta",
        "decision.accepted": "accettata",
        "decision.unchanged": "invariata",
        "decision.held": "trattenuta",
        "decision.failed": "non riuscita",
    },
    "en": {
        "heading": "Evidence package",
        "made": "Made on {moment} by {software}.",
        "source": "Source",
        "addresses": "Addresses",
        "sealed": "Seal",
        "sealed_by": "{size} entries of the log {origin}, sealed on {moment}; root {root}",
        "proves": "What this proves",
        "proves_text": "The captures listed here, with their bodies in the WARC file, stood in the evidence "
        "log when it was sealed, and were not changed, removed or exchanged since. Whoever compares the "
        "seal with one from elsewhere, for instance from a digest received by mail, proves it.",
        "not_proves": "What it does not prove",
        "not_proves_text": "It does not prove that the page showed the same to others, nor that what it said "
        "was true: it attests what reached the observer. Times are those of the observer's clock, "
        "except where a time stamp confirms them. This report only helps to read: what counts is "
        "evidence.json and captures.warc.gz.",
        "check": "How to verify: python3 verify_package.py PACKAGE.zip, with the script from the "
        "documentation of coopwatch (Python alone, no network).",
        "records": "The project through time",
        "from": "from {moment}",
        "gone": "no longer present",
        "changes": "What changed",
        "no_changes": "No changes.",
        "captures": "Captures",
        "when": "When",
        "answer": "Answer",
        "verdict": "Verdict",
        "body": "Body (SHA-256)",
        "entry": "Entry",
        "unsealed": "not yet sealed",
        "none": "none",
        "dropped": "no longer kept: only its digest is",
        "decision.accepted": "accepted",
        "decision.unchanged": "unchanged",
        "decision.held": "held",
        "decision.failed": "failed",
    },
}
