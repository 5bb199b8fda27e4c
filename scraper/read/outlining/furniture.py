"""Lines that belong to the site and not to the page: share this, print, read on, last updated, back to
top."""

import re
from functools import lru_cache

from scraper.read.fields.typography import fold

READ_ON = "read on"
"""The rule of lines that lead on to what is told here in short; their links are kept."""

_LONGEST = 120
_RULES = {
    "page tools": (
        r"(?:condividi|share|partager|compartir|stampa|print|imprimer|imprimir|e-?mail|invia|tweet|facebook|"
        r"twitter|whatsapp|linkedin|telegram|instagram|pdf|salva|segnala|ascolta|ingrandisci|"
        r"scarica|download|telecharger|descargar|mi piace|like|pin it|copia link|vedi azioni|"
        r"azioni)(?: (?:su|on|sur|en|questa pagina|this page|cette page|esta pagina|la pagina|il pdf|"
        r"via e-?mail|facebook|twitter|whatsapp|linkedin|x))*"
    ),
    "skip link": (
        r"(?:vai|salta|passa|aller|skip|ir|saltar|jump|torna|ritorna|back|retour|"
        r"volver|vuelve)(?:(?: |(?<='))"
        r"(?:al|alla|all'|to|au|a la|a|en|the|su|sopra|top|haut|contenuto|contenuti|principale|content|main|"
        r"contenu|contenido|navigazione|navigation|"
        r"menu|inizio|inizio pagina|pagina|page|indietro|di pagina|footer|de page|arriba|all'inizio|indice|"
        r"elenco|home|up|list))+"
    ),
    "breadcrumb": r"(?:(?:sei qui|ti trovi in|you are here|vous etes ici|estas en):? ?)?"
    r"(?:home(?: ?page)?|accueil|inicio) (?:>|/|»|›|::|\") .{2,110}",
    READ_ON: r"(?:leggi(?: di piu'?| tutto| ancora| l'articolo)?|continua(?: a leggere)?|read (?:more|on)|"
    r"lire (?:la suite|plus)|leer mas|en savoir plus|approfondisci|scopri(?: di piu'?)?|dettagli|"
    r"vai al(?:la)? (?:progetto|scheda|pagina)|vedi (?:il progetto|la scheda|tutti)|"
    r"see (?:more|all)|view (?:project|all)|voir (?:le projet|tous|plus)|ver (?:mas|proyecto|todos)|"
    r"mostra (?:tutto|tutti|di piu)|tutti i progetti)",
    "metadata": (
        r"(?:ultim[oa] (?:aggiornamento|modifica|revisione)|aggiornat[oa](?: al?| il)?|"
        r"data (?:di )?(?:pubblicazione|aggiornamento|ultimo aggiornamento)|pubblicat[oa](?: il)?|"
        r"(?:page |content )?(?:last )?(?:updated|modified|reviewed)(?: on)?|published(?: on)?|review date|"
        r"(?:derniere )?(?:mise a jour|modification)|(?:page )?(?:publiee?|mise? a jour|modifiee?) le|"
        r"(?:(?:ultima|fecha de) )?(?:actualizacion|revision|modificacion)|"
        r"(?:pagina )?(?:publicad[oa]|actualizad[oa]|revisad[oa]|modificad[oa]) (?:el|en|a)|"
        r"(?:pagina )?(?:modificat[oa]|revisionat[oa]|pubblicat[oa]|aggiornat[oa]) (?:il|al)|"
        r"tempo di lettura|temps de lecture|reading time|visite|visualizzazioni|hits|letto|views|"
        r"visitas)\b[ :]*[\w /:.,'-]{0,50}"
    ),
    "e-mail cloak": r"indirizzo e-?mail protetto .*|questo indirizzo e-?mail e protetto .*|"
    r"this e-?mail address is being protected .*|cette adresse e-?mail est protegee .*|"
    r"esta direccion de correo .*protegida.*",
}
_COUNT = r"(?:\d[\d .,]*|un[oa]?|one)"
_VISITS = (
    r"(?:visit(?:e|a|s|as|ors?|atori|eurs?|antes?)|vues?|views?|hits|accessi|visualizzazioni|"
    r"visualizaciones|consultations|page ?views)"
)
_PEOPLE = r"(?:utenti|users?|ospiti|guests?|persone|people|personnes|personas|usuarios|lettori|readers)"
SITE_RULES = {
    "counter": (
        rf"(?:(?:numero di |number of |nombre de |numero de )?{_VISITS}(?: (?:total\w*|ricevut[ei]|totali))?|"
        rf"contatore|counter|compteur|contador)\s?:?\s?(?:n\. ?)?\d[\d .,]*|"
        rf"(?:sei il |you are |vous etes )?(?:n\. ?)?{_COUNT}\s?{_VISITS}(?: (?:total[ei]s?|totali|unic[ih]|"
        rf"uniques?|unicos|oggi|today|aujourd'hui|hoy|(?:since|from|dal|depuis|desde) .{{2,25}}))?|"
        rf"{_COUNT} (?:{_PEOPLE}|{_VISITS}) (?:online|on ?line|in linea|en ligne|en linea)|"
        rf"(?:(?:questa |cette |esta |this )?(?:pagina|page|articolo|article|sito|site|sitio|scheda|fiche|"
        rf"ficha) )?(?:e stat[oa] |a ete |has been |ha sido )?"
        rf"(?:vist[oa]|visitat[oa]|visualizzat[oa]|lett[oa]|"
        rf"consultat[oa]|vue?|consultee?|lue?|viewed|visited|read|leid[oa]|visitad[oa]|consultad[oa])"
        rf"\s(?:n\. ?)?{_COUNT}\s?(?:volt[ae]|fois|times?|ve(?:z|ces))"
    ),
    "helpful votes": (
        rf"{_COUNT} {_PEOPLE} (?:(?:ha|hanno|have|has|ont|a|han|lo) )*(?:found|trovat[oa]|trouve|"
        rf"encontr\w+|votat[oa]|voted?)\b.{{0,60}}|"
        r"(?:was|is|did you find) this (?:page|information|content)\b.{0,40}|"
        r"(?:questa pagina|le informazioni) .{0,30}\b(?:utile|utili|chiara|chiare)\b.{0,30}|"
        r"cette page vous a.{0,20}\butile\b.{0,20}|"
        r"(?:te |le )?ha (?:resultado|sido) util\b.{0,40}"
    ),
    "legal links": (
        r"mentions legales|plan (?:du|de) site|donnees personnelles|politique de confidentialite|"
        r"note legali|privacy(?: policy| notice)?|cookies?(?: policy)?|informativa (?:privacy|sui cookie)|"
        r"mappa (?:del )?sito|(?:dichiarazione di )?accessibilita|credits|crediti|"
        r"aviso legal|mapa (?:del )?(?:sitio|web)|politica de (?:privacidad|cookies)|accesibilidad|"
        r"terms (?:of use|and conditions)|disclaimer|site ?map|legal notice|accessibility(?: statement)?|"
        r"tutti i diritti riservati|all rights reserved|tous droits reserves|todos los derechos reservados|"
        r"(?:copyright |\(c\) )?©.{0,80}|copyright .{0,80}|powered by .{0,40}|webmaster"
    ),
}
"""Lines at a page's edges. Around them, on the same line, stand the site's name and its other links."""

_ALL = {**_RULES, **SITE_RULES}
_FURNITURE = re.compile("|".join(rf"(?P<r{number}>{words})" for number, words in enumerate(_ALL.values())))
_NAMES = tuple(_ALL)
_PARTS = re.compile(r"\s+[|·•–—/-]\s+|\s*[|·•\n]\s*")
_MOST_WORDS = 7  # of what stands beside a counter or a legal link


@lru_cache(maxsize=4096)
def furniture_rule(line: str) -> str | None:
    """Return the named rule under which a line of a page is the site's and not the page's, or None."""
    if len(line) > _LONGEST:
        return None
    whole = _rule(line)
    if whole:
        return whole
    parts = [part for part in _PARTS.split(line) if part.strip()]
    named = [rule for part in parts if (rule := _rule(part)) in SITE_RULES]
    short = all(len(part.split()) <= _MOST_WORDS and ":" not in part for part in parts if not _rule(part))
    return named[0] if len(parts) > 1 and named and short else None


def _rule(text: str) -> str | None:
    found = _FURNITURE.fullmatch(" ".join(fold(text).split()).strip(" .:…»>›→|-?¿"))
    return _NAMES[int(str(found.lastgroup)[1:])] if found else None
