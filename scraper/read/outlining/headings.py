"""What a heading stands for: a project's title, a chapter of projects, or something else."""

import re
from enum import StrEnum
from functools import lru_cache

from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.statuses import heading_status
from scraper.read.fields.typography import fold


class HeadingKind(StrEnum):
    """What a heading stands for."""

    TITLE = "title"  # may be a project's name
    PROJECTS = "projects"  # projects follow
    GENERAL = "general"  # says nothing of what follows
    OTHER = "other"  # what follows is no project: contacts, news, calls, documents


_PROJECT_WORD = (
    r"(?:progetti|projects|projets|proyectos|iniziative|interventi|initiatives|iniciativas|"
    r"(?:[a-z]{3,20})?projekten?|initiativen|vorhaben|projec?tos)"
)
_ONE_PROJECT = re.compile(
    r"\b(?:progetto|project|projet|proyecto|iniziativa|intervento|projekt|projec?to|iniciativa)\b"
)
_PROJECTS = re.compile(
    rf"^(?:(?:i|gli|le|les|los|our|nos|nuestr[oa]s|il|elenco|tabella|list|liste|lista|altri|other|tutti|all|"
    rf"nostre|ultime|recenti|tutte|altre|las|os|as|noss[oa]s|todos|outros|unsere|die|alle|weitere|ubersicht|"
    rf"uber|"
    rf"der|dos|das|derzeitige|"
    rf"principali|main|dei|degli|delle|di|of|des|de|the|funded|nostri|ultimi|recenti|"
    rf"schede?|fiches?|fichas?|n\.?|\d+|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|cinco|"
    rf"cooperazione:?)\s+)*{_PROJECT_WORD}\b(?!\s*[:\"“«])"
)
_FUNDED = re.compile(
    rf"\b{_PROJECT_WORD} (?:finanziat|approvat|ammess|sostenut|selezionat|vincitor|realizzat|cofinanziat|"
    rf"funded|approved|supported|awarded|finances|soutenus|retenus|subvencionad|financiad|aprobad|"
    rf"aprovad|apoiad)|\b(?:geforderte|bewilligte|finanzierte|unterstutzte)n? {_PROJECT_WORD}\b"
    r"|^(?:programm[ae]|programmes?|fund|fondo|[\w' ]{3,40} fund) (?:\w+ ){0,2}(?:19|20)\d\d"
)
_CALL = r"(?:band[oi]|avvis[oi]|call|appels? a projets?|convocatori\w+)"
_WON = r"(?:laureats?|vincitor[ie]|adjudicatari[oa]s|winners|awardees)"
_WINNERS = re.compile(rf"\b{_CALL}\b.*\b{_WON}\b|\b{_WON}\b.*\b{_CALL}\b")
_OTHER_WORDS = re.compile(
    r"^(?:\W|i |gli |le |la |il |our |nos |les |the |ultim[aoei]s? |latest |neueste |letzte |recent |"
    r"tutte le |dernieres |altr[ei] )*(?:"
    r"contatt\w*|contact\w*|contacto\w*|notizi[ae]|news|novita|actualites?|noticias|comunicat[oi]|press\w*|"
    r"eventi|events?|evenements?|agenda|appuntamenti|calendario|"
    r"document[iso]*|documenti|allegati|download\w*|modulistica|link\w*|collegamenti|liens?|enlaces|siti|"
    r"galler\w*|gallery|foto\w*|video\w*|multimedia|"
    r"newsletter\w*|iscri\w+|seguici|follow\w*|social|condividi\w*|share|partager|compartir|"
    r"band[oi]|avvis[oi]|calls?\b|appels? a|convocatori\w+|graduatori\w+|scadenz[ae]|faq|domande frequenti|"
    r"paesi (?:prioritari|partner)|pays prioritaires|paises prioritarios|priority countries|temi|themes?|"
    r"thematiques|temas|settori|aree tematiche|linee di azione|priorita|"
    r"chi siamo|about|qui sommes|quienes somos|uffici\w*|staff|personale|orari\w*|sede|dove siamo|"
    r"normativ\w+|riferimenti|legislazione|legge|regolament\w+|"
    r"privacy|cookies?|accessibilita|note legali|mappa|cerca|search|login|area riservata|menu|navigazione|"
    r"(?:come|how to|comment|como) (?:partecipare|aderire|candidarsi|presentare|fare|richiedere|apply|"
    r"take part|participer|candidater|deposer|participar|solicitar|presentar)|"
    r"rest(?:a|ate|ez|er) (?:aggiornat\w+|informes?)|stay (?:informed|up to date|in touch)|"
    r"mantente informad\w|"
    r"procedura|modalita di (?:partecipazione|accesso)|"
    r"kontakte?|ansprechpartner\w*|aktuelles|neuigkeiten|nachrichten|veranstaltung\w*|termine|presse\w*|"
    r"dokumente|unterlagen|anlagen|bilder\w*|ausschreibung\w*|forderaufruf\w*|impressum|datenschutz|suche|"
    r"antrag\w*|bewerbung\w*|forderrichtlinie\w*|richtlinie\w*|requisit\w+|criteri\w*|guidelines|eligibility|"
    r"linee guida|bases de la|stories|storie|histoires de|testimonianze|testimonials?|temoignages|"
    r"testimonios|"
    r"(?:erfahrungs|reise)?berichte?|blog|bilanci\w*|annual reports?|rapports? (?:annuel|d'activite)|"
    r"memorias?|"
    r"jahresberichte?|trasparenza|transparen\w+|"
    r"partnerstadte|stadtepartnerschaft\w*|uber uns|wir uber uns|weitere informationen|mehr informationen|"
    r"ligac(?:ao|oes)|hiperligac\w+|noticias|novidades|documentos|anexos|galeria|fotografias|quem somos|"
    r"concursos?|candidaturas?|mais informac\w+|geminac\w+|cidades geminadas|"
    r"correlat\w+|related|in evidenza|primo piano|highlights|"
    r"per (?:saperne|informazioni|maggiori)|pour en savoir|more information|further information|"
    r"mas informacion|informazioni|servizi|services|servicios|"
    r"leggi anche|vedi anche|see also|argomenti|tag|categorie|categories|archivio|archives?|statistic\w+|"
    r"cifre|dati|numeri|glossario|indice|sommario|table of contents|contents"
    r")\b"
)
_US = r"(?:us|noi|ci|nous|nosotros|uns|our|nos|notre|i nostri|il nostro|i|the|les|los|nuestros|unsere?|os)"
# Who asks for help, work or an idea tells of no project; "Sostieni una famiglia" may be the name of one.
_ASKING = re.compile(
    rf"(?:sostieni(?:ci)?|sostenere|aiuta(?:ci)?|support|help|soutenir|soutenez|apoya(?:nos)?|apoie|"
    rf"unterstutzen(?: sie)?)(?:[ -]{_US})*(?: (?:progetti|projects|projets|proyectos|projekte|projetos|"
    rf"work|lavoro|"
    rf"attivita|travail|actions?|trabajo|arbeit|associazione|ong))?|"
    r"(?:come |how to |wie |como |comment )?(?:dona|donare|donate|donazioni?|donations?|doner|donar|doar|"
    r"spenden|"
    r"helfen)(?: (?:ora|now|online|adesso|ahora|jetzt))?|(?:faire|faites) un don|spendenkonto|donativos?|"
    rf"(?:lavora|lavorare|collabora|work|join|travailler|travaillez|rejoindre|rejoignez|colabora|trabaja|"
    rf"partecipa|volunteer)(?:[ -](?:con|with|avec|mit|con))?[ -]?{_US}?|get involved|nous rejoindre|"
    rf"mitmachen|"
    r"mach(?:en sie)? mit|unisciti(?: a noi)?|s'engager|s'impliquer|agir|"
    r"(?:diventa|become|devenir|devenez|hazte|werden sie|mitglied|seja) (?:a |an |un |une |una |"
    r"ein )?(?:volontari\w|"
    r"soci\w|partner|donat\w+|member|volunteer|donor|benevole|membre|partenaire|voluntari\w|mitglied|werden)|"
    r"(?:fai|faire|faites|dai|da|give us|tell us|let us)? ?(?:conoscere|connaitre|about|know about|"
    r"a conocer)? ?"
    r"(?:il tuo|la tua|un|votre|ton|your|a|tu|su|vuestro|ihr|dein) (?:nuovo |new |nouveau )?(?:progetto|"
    r"project|projet|"
    r"proyecto|projekt|idea|idee)|"
    r"(?:proponi|proporre|presenta|presentare|segnala|proposer|proposez|deposer|deposez|submit|suggest|"
    r"propose|"
    r"propon|presenta|proponga|einreichen) (?:il tuo |la tua |un |une |votre |your |a |tu |"
    r"ihr )?(?:progetto|idea|"
    r"project|projet|proyecto|projekt|projeto)|"
    r"(?:[\w'-]+ ){0,3}(?:emergency|urgent) appeal|appeals?|appello urgente|appel aux dons|appel urgent|"
    r"llamamiento urgente|spendenaufruf|"
    r"(?:vuoi|volete|want to|do you want|would you like|voulez-vous|vous (?:voulez|souhaitez)|quieres|"
    r"quiere|quer|"
    r"wollen sie|mochten sie)\b.*|(?:il |tuo |your |tu |i )*(?:5|8|cinque|otto) ?(?:per|x) ?(?:mille|1000)|"
    r"so (?:konnen sie )?(?:helfen|spenden|unterstutzen)(?: sie)?"
)
_EXPLAINING = re.compile(
    r"(?:definizioni|definitions?|definiciones|definicoes|glossary|glossaire|glosario|glossar|begriffe|"
    r"legenda|legende|leyenda|legend|methodology|metodologia|methodologie|"
    r"(?:(?:la nostra|la|our|notre|nuestra|unsere|a nossa) )?(?:storia|history|histoire|historia|geschichte|"
    r"mission|missione|vision|visione))"
)
_ASKED = re.compile(
    r"(?:how|what|who|when|where|can|do|does|is|are|come|chi|cosa|quando|quanto|posso|qual|quali|comment|"
    r"qui|quoi|"
    r"quand|combien|puis-je|quel\w*|como|que|quien|cuando|cuanto|puedo|wie|was|wer|wann|kann|quem|quanto)"
    r"\s(?:\S+\s){2,}\S+ ?\?|"
    r"(?:sei|siete|fai parte di|are you|do you|vous etes|etes-vous|tu es|es-tu|eres|sois|es usted|sind sie|"
    r"bist du|seid ihr|voce e) (?:un|una|uno|une|a|an|ein|eine|um|uma|una?'|des|unos|part)\b.*\?"
)
_SHEET = re.compile(
    r"(?:la )?scheda(?: (?:del |di )?progetto| tecnica| di sintesi| informativa)?|"
    r"(?:il progetto )?in (?:sintesi|breve)|"
    r"(?:dati|informazioni|dettagli|carta d'identita) (?:del|sul) progetto|"
    r"(?:project )?(?:fact ?sheet|facts?|facts and figures|at a glance|"
    r"key (?:facts|data|figures|information))|"
    r"(?:the )?project (?:in brief|at a glance|details|data|information)|"
    r"fiche(?: (?:du |de )?projet| technique| signaletique| d'identite)?|(?:le projet )?en bref|"
    r"ficha(?: (?:del |de |do )?pro[a-z]+| tecnica)?|datos (?:del proyecto|basicos)|en (?:breve|resumen)|"
    r"(?:projekt)?steckbrief|(?:projekt)?(?:daten|eckdaten)|(?:das projekt )?auf einen blick|em resumo|"
    r"dados do projec?to"
)
_TWINS = re.compile(
    r"(?:le |our |nos |les |le nostre |nuestras )*(?:citta gemell\w+|comuni gemell\w+|gemellaggi|"
    r"(?:twin(?:ned)?|sister) (?:towns|cities)|town twinning|villes jumelees|jumelages|ciudades hermanadas|"
    r"hermanamientos)"
)
_YEAR = re.compile(
    r"(?:(?:l')?(?:anno|annualita|year|annee|ano|jahr|esercizio|edizione|edition|edicion|edicao|triennio|"
    r"biennio|"
    r"periodo|periode|period|zeitraum) )(?:di |finanziamento |de |scolastico )*(?:19|20)\d\d"
    r"(?: ?[-/] ?(?:19|20)?\d\d)?"
)
_GENERAL_WORDS = re.compile(
    r"(?:\W|la |l'|our |nos |the |il |le |les |el )*(?:cooperazione(?: (?:internazionale|decentrata|"
    r"allo sviluppo|territoriale|e sviluppo|e pace))*|"
    r"international (?:co-?operation|development)|decentrali[sz]ed co-?operation|"
    r"cooperation (?:internationale|decentralisee|au developpement)|coopera(?:tion|cion)(?: .{0,40})?|"
    r"introduzione|introduction|premessa|presentazione|home|benvenut\w+|europa e cooperazione|"
    r"(?:kommunale |internationale |unsere )?(?:entwicklungs)?zusammenarbeit|entwicklungspolitik|"
    r"internationales|stadt .{0,30}|cooperacao(?: .{0,40})?|municipio d[eo] .{0,30}|camara municipal.{0,30}|"
    r"relazioni internazionali|affari internazionali|pace e cooperazione|"
    r"citta metropolitana.{0,20}|comune di .{0,30}|regione .{0,30}|provincia .{0,30})"
)


@lru_cache(maxsize=2048)
def kind_of(text: str) -> HeadingKind:
    """Return what a heading stands for, by its words alone."""
    folded = " ".join(fold(text).split()).strip(" :.-")
    if not re.search(r"[a-z]{2}", folded.replace(".", "")):
        return HeadingKind.GENERAL
    if _PROJECTS.match(folded) or _FUNDED.search(folded) or _gives_status(text, folded):
        return HeadingKind.PROJECTS
    if _WINNERS.search(folded):  # a call is no project, yet those that it chose are
        return HeadingKind.PROJECTS
    if _is_other(text, folded):
        return HeadingKind.OTHER
    if any(words.fullmatch(folded) for words in (_GENERAL_WORDS, _YEAR, _SHEET)):
        return HeadingKind.GENERAL
    return HeadingKind.TITLE


def _is_other(text: str, folded: str) -> bool:
    """Tell a heading of contacts, news, calls, documents, requests for help or explanations."""
    asks = any(words.fullmatch(folded) for words in (_ASKING, _EXPLAINING, _ASKED, _TWINS))
    return asks or bool(_OTHER_WORDS.match(folded)) or label_of(text) in {Label.CONTACT, Label.ATTACHMENT}


def _gives_status(text: str, folded: str) -> bool:
    """Tell a heading that gives a status to what follows from a title that merely mentions its own."""
    status = heading_status(text)
    if status is None:
        return False
    rest = folded.replace(fold(text[status.start : status.end]), " ")
    return not _ONE_PROJECT.search(rest) or len(re.findall(r"\w{2,}", rest)) <= 2
