"""The state of an answer: the page itself, or what came instead of it."""

from datetime import UTC, datetime

import pytest

from scraper.read import read
from scraper.records import Capture, PageState, Snapshot

AT = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
TABLE = (
    "<h2>Progetti in corso</h2><table><tr><th>Titolo</th><th>Paese</th><th>Importo</th></tr>"
    "<tr><td>Acqua in Mali</td><td>Mali</td><td>1.000 €</td></tr></table>"
)


def whole(content: str, title: str = "Cooperazione - Comune di Esempio") -> str:
    """Return a page with a banner, a menu and a footer around some content."""
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><header><nav><a href=/>Home</a> "
        f"<a href=/u>Uffici</a></nav></header><main>{content}</main>"
        "<footer><p>Comune di Esempio, via Roma 1</p></footer></body></html>"
    )


def snapshot(body: str | bytes, status: int = 200, **headers: str) -> Snapshot:
    """Read an answer as if it had just come."""
    named = {"content-type": "text/html; charset=utf-8"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    coded = body.encode() if isinstance(body, str) else body
    return read(Capture("https://www.example.it/progetti", AT, status, tuple(named.items()), coded))


MAINTENANCE = (
    whole("<h1>Sito in aggiornamento</h1><p>Stiamo lavorando per voi.</p>"),
    whole("<h1>Servizio temporaneamente non disponibile</h1><p>Ci scusiamo per il disagio.</p>"),
    whole("<p>Il portale è in fase di aggiornamento e sarà di nuovo online lunedì.</p>"),
    "<html><body><h1>503 Service Temporarily Unavailable</h1><hr>nginx</body></html>",
    "<html><head><title>Site under maintenance</title></head><body><p>We'll be back soon!</p></body></html>",
    "<html><body><p>El sitio no está disponible por tareas de mantenimiento.</p></body></html>",
    "<html><head><title>Le site est momentanément indisponible</title></head><body>Merci.</body></html>",
    "<br><b>Fatal error</b>: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /x.php",
    "<html><body>Impossibile connettersi al database. Riprovare più tardi.</body></html>",
)
BLOCKED = (
    "<html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry</h1></body></html>",
    "<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>",
    "<html><head><script src='/_Incapsula_Resource?SWJIYLWA=5'></script></head><body></body></html>",
    "<html><body><h1>Verifica di sicurezza</h1><p>Conferma di non essere un robot.</p></body></html>",
    "<html><body><p>Votre requête a été bloquée par notre pare-feu applicatif.</p></body></html>",
    "<html><body><p>Su solicitud ha sido bloqueada por el cortafuegos.</p></body></html>",
)
NOT_FOUND = (
    whole("<h1>Oops!</h1><p>La pagina che cerchi non esiste più o è stata rimossa.</p>"),
    whole("<h1>404</h1><p>Not found</p>"),
    whole("<h1>Page introuvable</h1>"),
    whole("<h1>Sorry</h1><p>We can't find the page you are looking for.</p>"),
    whole("<h1>Lo sentimos</h1><p>La página que busca no existe.</p>"),
)
MOVED = (
    "<html><head><meta http-equiv='Refresh' content='5;url=http://nuovo.it/'></head><body><p>Attendi.</p></body></html>",
    "<html><body><script>location.href='https://x.it/y'</script></body></html>",
    "<html><body><h1>Object Moved</h1>This document may be found <a HREF='https://x.it'>here</a></body></html>",
    "<html><body><p>Le site de la coopération a déménagé : www.nouveau.fr</p></body></html>",
    whole("<p>Le pagine della cooperazione sono state trasferite sul nuovo portale.</p>"),
    "<html><body><p>Esta página se ha trasladado a una nueva dirección: www.nuevo.es</p></body></html>",
)
EMPTY = (
    "<html><body><div id='root'></div><script src=a.js></script></body></html>",
    "<html><body><noscript>You need to enable JavaScript.</noscript><div id='app'></div></body></html>",
    "   \n ",
    whole(""),
)
ORDINARY = (
    "Il Comune ha concluso i lavori di manutenzione del pozzo di Isiolo, in Kenya.",
    "Stiamo lavorando a nuovi progetti in Senegal.",
    "L'ufficio ha un nuovo indirizzo: via Roma 3.",
    "Il servizio cooperazione si è trasferito in via Garibaldi 2.",
    "Il convegno parlerà del sistema di protezione dei minori.",
    "L'accesso all'acqua è negato a milioni di persone.",
    "La richiesta di contributo è stata respinta dalla Regione.",
    "Il bando non è più disponibile; si potrà fare di nuovo domanda nel 2027.",
    "The office has moved to a new building.",
    "La mairie a refusé la demande de subvention.",
    "La delegazione non ha trovato acqua nei pozzi: 404 famiglie attendono.",
)
CASES = [
    (state, body)
    for state, bodies in (
        (PageState.MAINTENANCE, MAINTENANCE),
        (PageState.BLOCKED, BLOCKED),
        (PageState.NOT_FOUND, NOT_FOUND),
        (PageState.MOVED, MOVED),
        (PageState.EMPTY, EMPTY),
        (PageState.OK, tuple(whole(f"<h1>Cooperazione</h1><p>{text}</p>") for text in ORDINARY)),
    )
    for body in bodies
]


@pytest.mark.parametrize(("state", "body"), CASES)
def test_a_page_with_status_200_is_judged_by_what_it_says(state: PageState, body: str) -> None:
    """Notices, refusals, soft 404s and stubs are told from pages that merely use such words."""
    found = snapshot(body)
    assert found.page_state is state, found.reason
    assert (found.reason is None) == (state is PageState.OK)


def test_a_banner_above_projects_changes_nothing() -> None:
    """A page with projects is itself, even under a maintenance notice."""
    notice = "<div class='alert'>Sabato il sito sarà in manutenzione dalle 8 alle 10.</div>"
    assert [project.title for project in snapshot(whole(notice + TABLE)).projects] == ["Acqua in Mali"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (404, "not_found"),
        (410, "not_found"),
        (403, "blocked"),
        (429, "blocked"),
        (500, "maintenance"),
        (503, "maintenance"),
    ],
)
def test_an_honest_status_decides(status: int, state: str) -> None:
    """A page under an error status is what its status says, whatever it lists."""
    assert snapshot(whole(TABLE), status).page_state == state


@pytest.mark.parametrize(
    "body",
    [
        whole(TABLE)[: whole(TABLE).index("</main>")] + "<p>Vedi <a href='/altre-inform",
        "<html><body><main>" + TABLE.removesuffix("</td></tr></table>"),
        "<html><body><p>Progetti</p><!-- commento non chiuso <p>altro</p>",
    ],
)
def test_a_page_cut_short_is_truncated(body: str) -> None:
    """An end inside a tag, in an open table or inside a comment betrays a cut."""
    assert snapshot(body).page_state is PageState.TRUNCATED


def test_fewer_bytes_than_promised_are_a_cut() -> None:
    """Content-Length counts the bytes as they travelled."""
    body = whole(TABLE)
    assert snapshot(body, content_length=str(len(body.encode()) + 1)).page_state is PageState.TRUNCATED
    assert snapshot(body, content_length=str(len(body.encode()))).page_state is PageState.OK
    assert snapshot(body, content_length="9", content_encoding="gzip").page_state is PageState.OK


def test_missing_end_tags_alone_are_ordinary() -> None:
    """A page without </body>, </html>, </td>, </tr> and </p> is read like any other."""
    body = f"<h1>Progetti<p>Introduzione{TABLE.replace('</td>', '').replace('</tr>', '')}<p>Fine"
    assert [project.title for project in snapshot(body).projects] == ["Acqua in Mali"]


def test_a_page_of_too_many_tags_is_too_large() -> None:
    """A flood of markup is refused before anything costly happens, and so is a body that was cut at the
    cap."""
    assert snapshot("<i>" * 200_001).page_state is PageState.TOO_LARGE
    capture = Capture("https://www.example.it/", AT, 200, (), b"<p>x", cut=True)
    assert read(capture).page_state is PageState.TOO_LARGE


@pytest.mark.parametrize(
    "text",
    [
        "Non ci sono progetti in corso.",
        "Aucun projet pour le moment.",
        "No hay proyectos.",
        "There are currently no projects.",
    ],
)
def test_a_page_may_say_that_there_are_none(text: str) -> None:
    """A page that says so in words is ok, has no projects, and is known to state none."""
    found = snapshot(whole(f"<h1>Progetti</h1><p>{text}</p>"))
    assert (found.page_state, found.projects, found.states_none) == (PageState.OK, (), True)
