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
        r"(?:vai|salta|passa|aller|skip|ir|saltar|jump|torna|ritorna|back|retour|volver|vuelve)(?: (?:al|"
        r"alla|all'|to|au|a la|a|en|the|su|sopra|top|haut|contenuto|contenuti|principale|content|main|"
        r"contenu|contenido|navigazione|navigation|"
        r"menu|inizio|inizio pagina|pagina|page|indietro|di pagina|footer|de page|arriba|all'inizio|indice|"
        r"elenco|home|up|list))+"
    ),
    READ_ON: r"(?:leggi(?: di piu'?| tutto| ancora| l'articolo)?|continua(?: a leggere)?|read (?:more|on)|"
    r"lire (?:la suite|plus)|leer mas|en savoir plus|approfondisci|scopri(?: di piu'?)?|dettagli|"
    r"vai al(?:la)? (?:progetto|scheda|pagina)|vedi (?:il progetto|la scheda|tutti)|"
    r"see (?:more|all)|view (?:project|all)|voir (?:le projet|tous|plus)|ver (?:mas|proyecto|todos)|"
    r"mostra (?:tutto|tutti|di piu)|tutti i progetti)",
    "metadata": (
        r"(?:ultim[oa] (?:aggiornamento|modifica|revisione)|aggiornat[oa](?: al?| il)?|"
        r"data (?:di )?(?:pubblicazione|aggiornamento|ultimo aggiornamento)|pubblicat[oa](?: il)?|"
        r"last (?:updated|modified)|published(?: on)?|updated(?: on)?|"
        r"(?:derniere )?mise a jour|publie le|mis a jour le|(?:ultima )?actualizacion|publicado el|"
        r"tempo di lettura|temps de lecture|reading time|visite|visualizzazioni|hits|letto|views|"
        r"visitas)\b[ :]*[\w /:.,'-]{0,50}"
    ),
    "e-mail cloak": r"indirizzo e-?mail protetto .*|questo indirizzo e-?mail e protetto .*|"
    r"this e-?mail address is being protected .*|cette adresse e-?mail est protegee .*|"
    r"esta direccion de correo .*protegida.*",
}
_FURNITURE = re.compile("|".join(rf"(?P<r{number}>{words})" for number, words in enumerate(_RULES.values())))
_NAMES = tuple(_RULES)


@lru_cache(maxsize=4096)
def furniture_rule(line: str) -> str | None:
    """Return the named rule under which a line of a page is the site's and not the page's, or None."""
    if len(line) > _LONGEST:
        return None
    found = _FURNITURE.fullmatch(" ".join(fold(line).split()).strip(" .:…»>›→|-"))
    return _NAMES[int(str(found.lastgroup)[1:])] if found else None
