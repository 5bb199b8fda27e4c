"""The words by which pages say that they are not themselves: under maintenance, blocked, gone, moved; in it, fr, es, en."""

import re

from scraper.records import PageState

# Folded text. Kept apart by state; a page must say it in its title or heading, or say little else.
MAINTENANCE = re.compile(
    r"\bin manutenzione\b|\bper manutenzione\b|manutenzione (?:straordinaria|programmata|ordinaria|in corso|del sito|tecnica)|lavori di manutenzione|interventi? di manutenzione"
    r"|(?:sito|servizio|portale|pagina|sistema)(?: e'?)? (?:momentaneamente|temporaneamente|attualmente|al momento) (?:non (?:disponibile|raggiungibile|accessibile|in funzione)|offline|sospeso|indisponibile)"
    r"|(?:momentaneamente|temporaneamente) (?:non disponibil[ei]|fuori servizio|indisponibil[ei]|sospes[oi])|fuori servizio|non (?:e )?al momento raggiungibile|torneremo (?:presto|online|a breve)|stiamo (?:aggiornando|lavorando|migliorando|effettuando)"
    r"|(?:site|page|service|portail)(?: web)?(?: est)? (?:actuellement |momentanement |temporairement )?(?:en (?:cours de )?maintenance|indisponible|inaccessible|hors service)|en maintenance|maintenance (?:en cours|du site|programmee)|operation de maintenance|momentanement indisponible|temporairement indisponible"
    r"|en mantenimiento|tareas de mantenimiento|por mantenimiento|mantenimiento (?:programado|del sitio)|temporalmente (?:no disponible|fuera de servicio)|fuera de servicio|no disponible temporalmente|sitio en construccion"
    r"|(?:under|for|scheduled|down for|undergoing|site|planned) maintenance|maintenance mode|temporarily (?:unavailable|down|offline|out of service)|service unavailable|be (?:right )?back (?:soon|shortly)|currently (?:unavailable|down|offline)|bad gateway|gateway time-?out"
    r"|internal server error|errore interno del server|erreur interne du serveur|error interno del servidor|error establishing a database connection|errore (?:di|nella) connessione al database|too many connections|fatal error|errore 50[0-9]|error 50[0-9]|site is offline|sito in costruzione|lavori in corso sul sito"
)
BLOCKED = re.compile(
    r"request(?:ed url)? (?:was )?(?:rejected|blocked|denied)|request rejected|support id is|access (?:is |to this (?:page|site|resource) (?:is |has been )?)?(?:denied|forbidden|blocked)|attention required|just a moment|checking (?:your browser|if the site connection)"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|enable javascript and cookies|please enable cookies|ddos protection|security check|captcha|incapsula|cloudflare|web application firewall|you have been blocked|unusual traffic|automated (?:access|queries|requests)"
    r"|too many requests|rate limit(?:ed)? exceeded|403 forbidden|error 403|errore 403|forbidden|accesso (?:e stato )?(?:negato|bloccato|non consentito|non autorizzato|vietato|rifiutato)|richiesta (?:e stata )?(?:bloccata|respinta|rifiutata|rigettata)"
    r"|sistema di protezione|verifica (?:di essere|che (?:tu |lei )?(?:sia|sei)|se sei|di sicurezza)|non sono un robot|dimostra di essere umano|attivita' sospetta|troppe richieste|indirizzo ip (?:e stato )?bloccato"
    r"|acces (?:refuse|interdit|bloque|non autorise)|requete (?:a ete )?(?:rejetee|bloquee|refusee)|verifi\w+ que vous etes (?:un )?humain|trop de requetes|activez javascript et les cookies"
    r"|acceso (?:denegado|prohibido|bloqueado|no autorizado)|(?:solicitud|peticion) (?:ha sido )?(?:rechazada|bloqueada|denegada)|verifi\w+ que (?:eres|es) (?:un )?humano|demasiadas (?:solicitudes|peticiones)"
)
NOT_FOUND = re.compile(
    r"pagina (?:richiesta |cercata |che (?:stai cercando|cerchi|hai richiesto) )?(?:non (?:e stata )?(?:trovata|disponibile|esiste(?: piu)?|presente|piu disponibile)|inesistente|rimossa|non e (?:piu )?disponibile)"
    r"|non (?:e stato possibile trovare|abbiamo trovato|riusciamo a trovare|esiste la pagina|e (?:piu )?disponibile)[^.]{0,40}(?:pagina|contenuto|risorsa|documento)|(?:risorsa|contenuto|documento|articolo|elemento|oggetto|file) (?:richiest[oa] )?non (?:e stat[oa] )?(?:trovat[oa]|disponibile|esiste|presente)"
    r"|errore 404|404 (?:not found|error|errore|-|–|:)|error(?:e)? ?(?:code )?:? ?404|http 404|^404$|contenuto (?:e stato )?(?:rimosso|eliminato|cancellato)|articolo non trovato|nessuna pagina corrisponde"
    r"|page (?:demandee |recherchee |que vous (?:cherchez|recherchez|demandez) )?(?:non trouvee|introuvable|n'existe (?:pas|plus)|n'est plus disponible|est introuvable|n'a pas ete trouvee|inexistante)|erreur 404|ressource introuvable|contenu introuvable"
    r"|pagina (?:solicitada |buscada |que (?:busca|buscas|esta buscando) )?(?:no (?:encontrada|existe|se (?:encuentra|ha encontrado)|disponible|esta disponible|ha sido encontrada)|inexistente)|no se (?:ha encontrado|encuentra|encontro|pudo encontrar) la pagina|contenido no (?:encontrado|disponible)"
    r"|(?:page|file|resource|content|document) (?:you (?:requested|are looking for|were looking for) )?(?:(?:was |could |can )?(?:not|n't|cannot) (?:be )?(?:found|exist|available)|cannot be found|does(?: not|n't) exist|no longer (?:exists|available)|not found|has been removed|is not available)|page not found|not found on this server"
    r"|(?:can't|cannot|couldn't|could not) find (?:the |that |this )?page|page (?:is )?missing|object not found|this page (?:isn't|is not) available"
)
MOVED = re.compile(
    r"(?:pagina|sito|portale|contenuto|sezione|contenuti|servizio|documento)[^.]{0,60}(?:(?:e|sono) stat[oaie] (?:trasferit[oaie]|spostat[oaie]|migrat[oaie])|si e (?:trasferit[oa]|spostat[oa])|ha cambiato indirizzo|si trova ora|e ora (?:disponibile|raggiungibile|online) (?:all'indirizzo|su|al))"
    r"|nuovo indirizzo(?: del sito| della pagina| web)?\b|nuovo sito (?:web )?(?:e|:)|e on-?line il nuovo (?:sito|portale)|(?:verrai|sarai|verrete|sarete) (?:automaticamente )?(?:reindirizzat[oi]|trasferit[oi]|rediretto)|(?:se|qualora) (?:il browser|non vieni|non venite|non vi)[^.]{0,30}(?:reindirizza|redirige)|aggiorna\w* (?:i |il )?(?:segnalibri|preferiti|bookmark)"
    r"|(?:page|site|portail|contenu)[^.]{0,50}(?:a (?:ete )?(?:deplacee?|demenage|transferee?|change d'adresse)|se trouve desormais)|nouvelle adresse|vous (?:allez etre|serez) (?:automatiquement )?redirige|mettre a jour vos (?:favoris|signets)"
    r"|(?:pagina|sitio|portal|web|contenido)[^.]{0,50}(?:se ha (?:trasladado|movido|mudado)|ha sido (?:trasladad[oa]|movid[oa])|ha cambiado de direccion)|nueva direccion|sera redirigid[oa]|actualice sus (?:favoritos|marcadores)"
    r"|(?:page|site|document|content)[^.]{0,50}(?:has (?:been )?(?:permanently )?moved|have moved|is now (?:located|available|found) at|has a new (?:address|home|url))|moved permanently|(?:301|302) (?:moved|found)|object moved|you (?:will be|are being) (?:automatically )?redirected|new address|update your bookmarks|if (?:your browser does not|you are not) redirect\w*|redirecting"
)
NONE_STATED = re.compile(
    r"\b(?:non (?:ci sono|sono presenti|risultano|vi sono|sono (?:attualmente |al momento )?(?:attivi|in corso))|nessun|al momento non (?:ci sono|sono)|attualmente non (?:ci sono|sono))\b[^.]{0,40}\b(?:progett[oi]|iniziativ[ae]|intervent[oi])"
    r"|\baucun (?:projet|resultat)|\bil n'y a (?:pas|aucun)[^.]{0,30}projet|\bno hay (?:proyectos|ningun proyecto)|\bningun proyecto|\bno existen proyectos|\bno (?:projects|current projects|active projects)\b|\bthere are (?:currently )?no [^.]{0,30}projects?"
    r"|\bprogetti?: nessuno\b|\bnessun risultato\b|\bnessun elemento\b|\bno results\b"
)
WORDED = (
    (PageState.BLOCKED, BLOCKED, "the page is a security check or a refusal, not the page itself"),
    (PageState.NOT_FOUND, NOT_FOUND, "the page says that it was not found, with a status that says it was"),
    (PageState.MAINTENANCE, MAINTENANCE, "the page says that the site is under maintenance or out of order"),
    (PageState.MOVED, MOVED, "the page says that it has moved elsewhere"),
)
