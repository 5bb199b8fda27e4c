"""The words by which pages say that they are not themselves: out of order, blocked, gone, moved; in it, fr,
es, en."""

import re
from dataclasses import dataclass

from scraper.records import PageState


@dataclass(frozen=True, slots=True)
class Wording:
    """A state's words, folded: `head` in a title or heading, `body` anywhere on a page that says little
    else."""

    state: PageState
    reason: str
    head: re.Pattern[str]
    body: re.Pattern[str]


def _any(*lines: str) -> re.Pattern[str]:
    return re.compile("|".join(lines))


_SITE_IT = (
    r"(?:sito(?: web| internet)?|portale|pagin[ae]|servizi[oi]?|sistem[ai]|sezione|server|contenut[oi])"
)
_SITE_FR = r"(?:site(?: web| internet)?|page|service|portail|serveur|rubrique|contenu)"
_SITE_ES = r"(?:sitio(?: web)?|pagina(?: web)?|web|servicio|portal|servidor|seccion|contenido)"
_SITE_EN = r"(?:(?:web)?site|page|service|server|portal|section|content)"
_NOT_NOW = (
    r"(?:momentaneamente|temporaneamente|attualmente|al momento|in questo momento|actuellement|"
    r"momentanement|temporairement|"
    r"temporalmente|actualmente|en este momento|de momento|temporarily|currently|at the moment)"
)
_DATABASE = (
    r"error establishing a database connection|(?:errore|impossibile|erreur|error|unable|could not|"
    r"failed)[^.]{0,30}(?:connession|connett|connexion|conexion|connect)[^.]{0,30}database"
    r"|too many connections|sqlstate\[|uncaught (?:error|exception|pdoexception)|fatal error|"
    r"internal server error|bad gateway|gateway time-?out|service (?:temporarily )?unavailable"
    r"|errore interno del server|erreur interne du serveur|error interno del servidor|http(?: error)? 50\d"
)
_MAINTENANCE_BODY = (
    rf"{_SITE_IT}[^.]{{0,50}}\b(?:in|per|di) (?:(?:lavori|attivita|interventi|"
    rf"operazioni)[^.]{{0,20}} )?(?:manutenzione|aggiornamento|allestimento|costruzione|migrazione)\b",
    rf"manutenzione[^.]{{0,30}} (?:del|sul|al|della|dei|sui) (?:nostr[oi] )?{_SITE_IT}",
    rf"{_SITE_IT}[^.]{{0,20}}(?:non (?:e |sono )?(?:{_NOT_NOW} )?(?:disponibil[ei]|raggiungibil[ei]|"
    rf"accessibil[ei]|attiv[oi])[^.]{{0,10}}(?:{_NOT_NOW}|per )|{_NOT_NOW} (?:non |fuori |indisponibil|"
    rf"sospes|offline|irraggiungibil|chius))",
    rf"{_SITE_IT} non e (?:{_NOT_NOW}) |fuori servizio|{_NOT_NOW} (?:non disponibil|indisponibil|"
    rf"non raggiungibil|non accessibil)",
    r"stiamo (?:lavorando|operando)[^.]{0,20}(?:per (?:voi|te|migliorare|ripristinare|tornare)|"
    r"al (?:nuovo )?(?:sito|portale))|stiamo (?:aggiornando|migliorando|effettuando|"
    r"sistemando)[^.]{0,30}(?:sito|portale|sistem|pagin|manutenzione|aggiornament)",
    r"torneremo (?:presto )?(?:on-?line|operativi|disponibili|presto)|saremo di nuovo (?:on-?line|"
    r"operativi)|sara di nuovo (?:disponibile|on-?line|raggiungibile)|(?:riprovare|riprova|"
    r"si prega di riprovare|torna) (?:piu tardi|tra (?:qualche|pochi))",
    rf"{_SITE_FR}[^.]{{0,40}}(?:en (?:cours de )?maintenance|indisponible|inaccessible|hors service|"
    rf"en construction|hors ligne)|(?:operation|travaux|cours) (?:de )?maintenance|maintenance (?:du|de la|"
    rf"en cours)|{_NOT_NOW} (?:indisponible|inaccessible|hors)",
    r"(?:revenir|reessayer|reconnecter) (?:plus tard|dans quelques|ulterieurement)|"
    r"mettons (?:le site )?a jour",
    rf"{_SITE_ES}[^.]{{0,40}}(?:en mantenimiento|en construccion|fuera de servicio|no (?:esta |"
    rf"se encuentra )?(?:{_NOT_NOW} )?disponible|en obras)|(?:tareas|trabajos|labores) de mantenimiento|"
    rf"{_NOT_NOW} (?:no disponible|fuera)|(?:vuelva|intentelo|vuelve) [^.]{{0,15}}mas tarde",
    rf"{_SITE_EN}[^.]{{0,40}}(?:(?:under|for|undergoing|down for|scheduled) [^.]{{0,15}}maintenance|"
    rf"temporarily (?:unavailable|down|offline|closed)|{_NOT_NOW} (?:unavailable|down|offline|"
    rf"not available))|(?:under|scheduled|undergoing|planned|essential) maintenance|maintenance mode",
    r"be (?:right )?back (?:soon|shortly|online)|(?:try|check back) (?:again )?(?:later|soon|shortly)",
    _DATABASE,
)
_BLOCKED = (
    r"request(?:ed)?(?: url)?(?: was| has been| is)? (?:rejected|blocked|denied|unsuccessful)|support id is|"
    r"access(?: to (?:this|the) [^.]{0,25})?(?: is| was| has been)? (?:denied|forbidden|blocked|restricted)|"
    r"attention required!|just a moment\.\.\.",
    r"checking (?:your browser|if the site connection)|verify(?:ing)? (?:that )?you(?: are|'re) (?:a |"
    r"not a )?(?:human|robot)|are you (?:a )?(?:human|robot)|enable javascript and cookies|"
    r"(?:please )?enable cookies|ddos protection|complete the security check|security check to|\bcaptcha\b",
    r"incapsula|cloudflare ray|web application firewall|you have been blocked|unusual traffic|"
    r"automated (?:access|queries|requests)|too many requests|rate limit(?:ed)? exceeded|(?:403|401|"
    r"error 403|errore 403|erreur 403|error 401)[ :\-]*(?:forbidden|unauthorized|accesso|acces)",
    r"you don'?t have permission to access|not authori[sz]ed to (?:view|access)|accesso(?: (?:al|alla|a|ai|"
    r"alle)(?: quest[aoei])?(?: (?:sito|pagina|pagine|risorsa|risorse|portale|server|contenuto|contenuti|"
    r"url)(?: richiest[aoei])?)?)?(?: e| e stato)? (?:negato|bloccato|non consentito|non autorizzato|"
    r"vietato|rifiutato|interdetto)|(?:richiesta|connessione|navigazione|visita)[^.]{0,25} (?:bloccata|"
    r"interrotta)|(?:richiesta|connessione)[^.]{0,25} (?:respinta|rifiutata|rigettata) (?:dal|da|"
    r"per)[^.]{0,30}(?:server|sistema|sicurezza|firewall|protezione)",
    r"verifica(?:re|ndo)? (?:di (?:essere|non essere|sicurezza)|che (?:tu |lei )?(?:sia|sei|non)|"
    r"se sei)[^.]{0,30}|non sono un robot|non essere un robot|(?:dimostra|conferma) di (?:non )?essere|"
    r"troppe richieste|(?:indirizzo )?ip[^.]{0,15} (?:bloccato|bannato)|attivita sospett[ae]|"
    r"traffico (?:anomalo|insolito)|abilita(?:re)? (?:javascript e )?i cookie",
    r"acces(?: (?:au|a la|a ce|a cette)(?: (?:site|page|ressource|serveur|contenu))?)?(?: est|"
    r" a ete)? (?:refuse|interdit|bloque|non autorise|restreint)|(?:requete|connexion)[^.]{0,25}(?:rejetee|"
    r"bloquee|refusee)|verifi\w+[^.]{0,15} que vous etes|pas un robot|trop de requetes|"
    r"activez (?:javascript|les cookies)|pare-feu applicatif",
    r"acceso(?: (?:al|a la|a este|a esta)(?: (?:sitio|pagina|web|recurso|servidor|contenido))?)?(?: esta|"
    r" ha sido)? (?:denegado|prohibido|bloqueado|no autorizado|restringido)|(?:peticion|"
    r"conexion)[^.]{0,25}(?:rechazada|bloqueada|denegada)|solicitud[^.]{0,25}bloqueada|"
    r"verifi\w+[^.]{0,15} que (?:eres|es|usted es)|no (?:soy|eres|es) un robot|demasiadas (?:solicitudes|"
    r"peticiones)|cortafuegos",
)
_NOT_FOUND = (
    r"pagin[ae](?: web)?(?: richiest[ae]| cercat[ae]| da (?:te|lei) [^.]{0,15}| (?:che )?(?:stai|si sta|sta|"
    r"stavi|cerchi|hai|avete|si e)[^.]{0,25})?(?: che [^.]{0,30})? (?:non (?:e (?:stata |piu |al momento )?|"
    r"sono )?(?:trovat[ae]|disponibil[ei]|esist[aeo]no|esiste|presente|piu disponibile|raggiungibile)|"
    r"inesistente|(?:e stata )?(?:rimossa|eliminata|cancellata))",
    r"(?:risorsa|contenut[oi]|document[oi]|articol[oi]|element[oi]|oggetto|file|indirizzo|"
    r"url)(?: (?:richiest|cercat|inserit|digitat)[oaie]| (?:che|a cui|"
    r"al quale)(?: [a-z']+){1,4})? (?:non (?:e |sono )?(?:stat[oaie] |piu )?(?:trovat[oaie]|disponibil[ei]|"
    r"esist\w+|present[ei])|inesistente|e stat[oa] (?:rimoss|eliminat|cancellat)[oa])",
    r"(?:non (?:e stato possibile trovare|abbiamo trovato|riusciamo a trovare|troviamo|"
    r"esiste))[^.]{0,25}(?:pagina|contenuto|risorsa|documento)|nessun (?:articolo|contenuto|elemento|"
    r"documento|risultato) (?:trovato|corrisponde)[^.]{0,30}(?:indirizzo|url|richiest|404)|page_not_found",
    r"(?:errore|error|erreur|http|codice|code)(?: code)?[ :]{0,2}404|404[ :\-]{0,3}(?:not found|error|"
    r"errore|pagina|page|file)|not found on this server",
    r"page(?: web)?(?: demandee| recherchee)?(?: que vous [^.]{0,30})? (?:non trouvee|introuvable|"
    r"n'existe (?:pas|plus)|n'est (?:plus|pas) disponible|est introuvable|n'a pas (?:ete|pu etre) trouvee|"
    r"inexistante)|(?:ressource|contenu|document|adresse|article)[^.]{0,20}(?:introuvable|n'existe|"
    r"inexistant)",
    r"pagina(?: web)?(?: solicitada| buscada)?(?: (?:que|a la que) [^.]{0,30})? (?:no (?:encontrada|existe|"
    r"se (?:encuentra|ha (?:podido )?encontra)|esta disponible|disponible|ha sido encontrada)|inexistente)|"
    r"no (?:se )?(?:ha|hemos|encontramos|encuentra|encontro|pudo|podemos)[^.]{0,25} (?:la )?pagina|"
    r"(?:contenido|recurso|documento)[^.]{0,25}no (?:encontrado|existe|disponible|se encuentra)",
    r"(?:page|file|resource|content|document|url|address)(?: (?:that )?(?:you|we)[^.]{0,35})? (?:(?:was |"
    r"is |could |can )?(?:not|n't|cannot)(?: be)? (?:found|exist|available)|cannot be found|does(?: not|"
    r"n't) exist|no longer (?:exists?|available)|not found|has been (?:removed|deleted)|is (?:missing|"
    r"not available|no longer available))",
    r"(?:can't|cannot|can not|couldn't|could not|unable to)(?: seem to)? (?:find|locate)[^.]{0,15}page|"
    r"page (?:is )?missing|object not found|(?:page|content) (?:isn't|is not) available",
)
_PAGE_IT = r"(?:sito(?: web| internet)?|portale|pagin[ae]|sezione|contenuti)"
_PAGE_FR = r"(?:site(?: web| internet)?|pages?|portail|rubrique)"
_PAGE_ES = r"(?:sitio(?: web)?|pagina(?: web)?|web|portal|seccion)"
_PAGE_EN = r"(?:(?:web)?site|page|portal)"
_MOVED = (
    rf"{_PAGE_IT}[^.]{{0,70}}(?:(?:e|sono) (?:stat[oaie] |ora |"
    rf"stata )?(?:definitivamente )?(?:trasferit[oaie]|spostat[oaie]|migrat[oaie]|rinnovat[oaie] e)|si (?:e|"
    rf"sono) (?:trasferit[oaie]|spostat[oaie])|ha(?:nno)? cambiato indirizzo|si trova(?:no)? ora|"
    rf"e(?:' )? ora (?:disponibile|raggiungibile|on-?line|consultabile) (?:all'indirizzo|su|al|alla|sul))",
    r"nuovo indirizzo(?: (?:del sito|della pagina|web|internet|e:? ?(?:www|http))|:? ?(?:www|https?:))|"
    r"(?:verrai|sarai|verrete|sarete|sara)[^.]{0,20}(?:reindirizzat|rediret|trasferit)|(?:se|"
    r"qualora)[^.]{0,15}(?:browser|non vieni|non venite|non (?:ti|vi))[^.]{0,25}(?:reindirizza|redirig|"
    r"trasferi)|aggiorna\w* (?:i |il |i tuoi |i vostri )?(?:segnalibri|preferiti|bookmark)",
    r"(?:questo|il vecchio|vecchio) sito non (?:e|viene|sara) piu (?:aggiornato|attivo|mantenuto)",
    rf"{_PAGE_FR}[^.]{{0,50}}(?:a (?:ete )?(?:deplace|demenage|transfere|migre|change d'adresse)|(?:a|"
    rf"ont) ete (?:deplace|transfere)|se trouve(?:nt)? (?:desormais|maintenant))|"
    rf"nouvelle adresse (?:du site|web|internet|:|est)|vous (?:allez etre|serez)[^.]{{0,20}}redirige|"
    rf"mettre a jour vos (?:favoris|signets)",
    rf"{_PAGE_ES}[^.]{{0,50}}(?:se (?:ha|han) (?:trasladado|movido|mudado)|(?:ha|han) sido (?:trasladad|"
    rf"movid)|(?:ha|han) cambiado de (?:direccion|ubicacion)|se encuentra ahora)|nueva direccion(?: web|:|"
    rf" es)|sera redirigid|actuali(?:ce|za) (?:sus|tus) (?:favoritos|marcadores)",
    rf"{_PAGE_EN}[^.]{{0,50}}(?:ha(?:s|ve) (?:been )?(?:permanently )?moved|is now (?:located|available|"
    rf"found|hosted) (?:at|on)|has a new (?:address|home|url|location))|moved permanently|object moved|"
    rf"(?:301|302) (?:moved|found)|(?:you will be|you are being|you should be)[^.]{{0,20}}redirected|"
    rf"update your bookmarks|not (?:automatically )?redirected",
)
_BLOCKED_HEADS = (
    r"^(?:forbidden|accesso negato|access denied|acceso denegado|security check|captcha)\b",
    r"\bforbidden\b",
)
_NOT_FOUND_HEADS = (
    r"^404\b",
    r"\bnot found$",
    r"(?:contenuto|pagina|documento) non (?:disponibile|trovat[oa])",
)
_MAINTENANCE_HEADS = (
    r"\b(?:in|per) manutenzione\b|^manutenzione",
    r"\ben maintenance\b|^maintenance\b",
    r"\ben mantenimiento\b|^mantenimiento",
    r"\b(?:sito|portale|pagina) in (?:aggiornamento|costruzione|allestimento)",
    r"^50[0234]\b|^(?:site )?offline$",
)
WORDINGS = (
    Wording(
        PageState.BLOCKED,
        "the page is a security check or a refusal, not the page itself",
        _any(*_BLOCKED, *_BLOCKED_HEADS),
        _any(*_BLOCKED),
    ),
    Wording(
        PageState.NOT_FOUND,
        "the page says that it was not found, with a status that says it was",
        _any(*_NOT_FOUND, *_NOT_FOUND_HEADS),
        _any(*_NOT_FOUND),
    ),
    Wording(
        PageState.MAINTENANCE,
        "the page says that the site is under maintenance or out of order",
        _any(*_MAINTENANCE_BODY, *_MAINTENANCE_HEADS),
        _any(*_MAINTENANCE_BODY),
    ),
    Wording(PageState.MOVED, "the page says that it has moved elsewhere", _any(*_MOVED), _any(*_MOVED)),
)
"""The surest first: a refusal may speak of pages that are not available."""

SILENT_CHECKS = re.compile(
    r"_incapsula_resource|incapsula incident|cf-chl|_cf_chl|challenge-platform|captcha-delivery|datadome|"
    r"distil_r_captcha|sucuri_cloudproxy|aws-waf-token|awswaf|px-captcha|bobcmn"
)
"""What stands in the source of security checks that show no text."""

NONE_STATED = _any(
    r"\b(?:non (?:ci sono|sono presenti|risultano|vi sono|sono (?:attualmente |al momento )?(?:attivi|"
    r"in corso|previsti))|nessun|al momento non (?:ci sono|sono)|attualmente non (?:ci sono|"
    r"sono))\b[^.]{0,40}\b(?:progett[oi]|iniziativ[ae]|intervent[oi])",
    r"\bnon (?:ha|hanno|abbiamo|si realizzano|si svolgono)\b[^.]{0,30}\b(?:progett[oi]|iniziativ[ae])\b"
    r"[^.]{0,40}\b(?:in corso|attiv[oi]|avviat[oi])|"
    r"\bprogetti?: nessuno\b|\bnessun (?:risultato|elemento|progetto)\b",
    r"\bn'a (?:pas|aucun|actuellement|plus)[^.]{0,30}projet|\bno (?:tiene|cuenta con)[^.]{0,30}proyectos?\b|"
    r"\b(?:has|have) no [^.]{0,25}projects?\b|"
    r"\bdo(?:es)? not (?:currently )?(?:have|run)[^.]{0,25}projects?\b|"
    r"\baucun (?:projet|resultat)|\bil n'y a (?:pas|aucun|actuellement)[^.]{0,30}projet",
    r"\bno hay (?:proyectos|ningun proyecto|actualmente)|\bningun proyecto|\bno existen proyectos",
    r"\bno (?:projects|current projects|active projects|ongoing projects|results)\b|"
    r"\bthere are (?:currently )?no [^.]{0,30}projects?",
    r"\b(?:derzeit|aktuell|zurzeit|momentan|es gibt|laufen|gibt es)\b[^.]{0,40}\bkeine[^.]{0,25}projekte|"
    r"\bkeine (?:laufenden |aktuellen )?(?:projekte|ergebnisse)\b|"
    r"\b(?:nao (?:ha|existem|temos|foram)|de momento nao)\b[^.]{0,40}\bprojec?tos?\b|\bnenhum projec?to\b",
)
"""How a page says that there are no projects."""
