"""The words of labels per field: regular expressions over folded text, one a line, or more after a bar."""

# Sources: the headers and sheet labels of the watched pages (it, fr, es, en) and their plain variants.
_OF = (
    r"(?: (?:del|dell'|della|di|dei|delle|d'|du|de la|de l'|des|de|of the|of|da|al|all'|the)? ?"
    r"(?:nostro |nostra )?(?:progett[oi]|intervent[oi]|iniziativ[ae]|azion[ei]|projets?|"
    r"projects?|proyectos?|action|attivita))?"
)
_OUR = r"(?: (?:del|dell'|della|di|de|of|du|de la|nel|in) ?[^\d]{1,50})?"

LABEL_WORDS: dict[str, str] = {
    "cup": rf"""cup
(?:codice )?cup{_OF}
codice unico(?: di)? progetto""",
    "acronym": rf"""(?:acronimo|acronym|acronyme|sigla|short name|nome breve){_OF}""",
    "start": rf"""(?:data|date|fecha)? ?(?:di |de |d'|del |prevista )?(?:inizio|avvio|partenza|inicio|debut|
demarrage|lancement|start|commencement)(?: (?:prevista|previsto|lavori|attivita))?{_OF}
(?:start|starting|begin) (?:date|year|month)
date (?:de|du) (?:debut|demarrage|lancement)[^\d]{{0,12}}
(?:avviato|iniziato|iniziata|avviata|inizia|comincia|started|starts|began|begins|commence[sd]?|demarre|debute|
empieza|comienza|inicia)(?: (?:il|a|ad|nel|on|in|le|en|el))?
dal
inizio progetto
anno (?:di )?(?:inizio|avvio)""",
    "end": rf"""(?:data|date|fecha)? ?(?:di |de |del |d')?(?:fine|conclusione|termine|chiusura|fin|cloture|
finalizacion|end|completion)(?: (?:prevista|previsto|lavori|attivita))?{_OF}
(?:end|ending|completion|closing) (?:date|year|month)
date (?:de|d') ?(?:fin|achevement|cloture)[^\d]{{0,12}}
(?:concluso|conclusa|terminato|ended|termine|acheve)(?: (?:il|a|nel|on|in|le|en))
(?:termina|finisce|si conclude|ends|finishes|se termine|s'acheve|prend fin|finaliza)(?: (?:il|a|nel|on|in|le|
en|el))?
anno (?:di )?(?:fine|conclusione)
fecha de (?:finalizacion|cierre|fin|termino)
al""",
    "period": rf"""(?:durata|periodo|quando|tempi|tempistica|tempistiche|duration|duree|duracion|dates|
period|periode|when|quand|cuando|timeline|timeframe|calendario|calendrier|years?|annees?|anos?|ano|anni|
anno|annualita|triennio|biennio){_OF}
(?:periodo|periode|period|tempi|durata|duration) (?:di|de|of|d') ?(?:svolgimento|realizzazione|attuazione|
esecuzione|riferimento|attivita|implementation|mise en oeuvre|realisation|ejecucion|execution)
(?:durata|duration|duree) (?:e|and|et) [^\d]{{3,20}}
(?:quanto dura|how long|combien de temps|cuanto dura)[^\d]{{0,30}}
anni di (?:attivita|realizzazione|attuazione|svolgimento)
inizio ?[-/e] ?fine
(?:project|programme) (?:period|duration|dates?|timeline|timeframe)
(?:fechas|vigencia|plazo(?: de (?:ejecucion|realizacion))?)
data inizio ?[-/e] ?(?:data )?fine""",
    "year": r"""(?:anno|year|annee|ano|esercizio|annualita) (?:di |del |de |of |d')?(?:finanziamento|bando|
call|delibera|approvazione|presentazione|riferimento|award|financement|concessione|appel|contributo|
graduatoria|convocatoria)
(?:data|date|fecha)(?: (?:di |de |of )?(?:presentazione|approvazione|delibera|pubblicazione|publication|
scadenza|
aggiornamento|publicacion|mise a jour))?
(?:pubblicat[oa]|publie|published|publicado|aggiornat[oa])(?: (?:il|le|on|el))?
(?:tempo di lettura|ultimo aggiornamento|ultima modifica|last update|derniere mise a jour)
(?:scadenza|deadline|date limite)""",
    "programmes": rf"""programm[ai](?: di)? (?:finanziamento|finanziatore|finanziatrice|riferimento|
europe[oi]|comunitario){_OF}
(?:program|programme|programmes|programma|programmi|programmes?|programa|programas)
(?:programme|program|programa) (?:de financement|de financiacion|funding|d'appui|framework)
(?:funding|financing) (?:programme|program|line|scheme|source|body|agency|stream)s?
(?:fonte|fonti|linea|linee|canale|canali|strumento|strumenti|ente|enti|soggetto|soggetti|bando|organismo|
istituzione)(?: di| finanziament.)? ?(?:finanziamento|finanziator[ei]|finanziatric[ei]|finanziari[oae]|
erogator[ei]|erogante|cofinanziator[ei])
(?:co-?)?(?:finanziat[oaie]|sostenut[oaie]|supportat[oaie]|finance|financee?s?|funded|supported|financiado|
financiada|cofinance|patrocinat[oa])(?: (?:da|dal|dalla|dall'|par|by|por|con|nell'ambito di|nell'ambito del|
under|sul))?
(?:co-?)?(?:finanziator[ei]|finanziatric[ei]|financeurs?|funders?|donors?|donator[ei]|bailleurs?|
bailleurs? de fonds|financiador(?:es)?|donantes?|sponsor|sostenitor[ei])
(?:con )?(?:il |la )?(?:contributo|sostegno|supporto|cofinanziamento|finanziamento|appui|apoyo|
support) (?:di|del|della|dell'|de|of|from)
(?:con il|grazie al|avec le|with the) (?:contributo|sostegno|supporto|soutien|support|
cofinanziamento)(?: (?:di|del|della|de|of|finanziario di))?
source(?:s)? (?:de|of) (?:financement|funding|funds)
fuente(?:s)? de financiacion
band[oi](?: (?:di finanziamento|di riferimento|e programma|/ ?programma))?
avviso(?: pubblico)?
(?:call|appel|appel a projets?|convocatoria)(?: (?:for proposals|a projets))?
fond[oi] (?:di finanziamento|europe[oi]|utilizzat[oi])
fondo|(?:co)?financian?
(?:project )?(?:funders?|donors?)
(?:partner|partners|partenaires?|socios|soutiens?|appuis?|apoyos?) (?:finanziari[oa]?|financiers?|financial|
financieros|financeiros)
financial (?:partners?|supporters?|support)
misura(?: di finanziamento)?
(?:legge|legge regionale|normativa|loi|law|ley)(?: (?:di|de) (?:riferimento|finanziamento))?
(?:chi|who|qui|quien|quienes) (?:ha |a |has )?(?:(?:co)?finan[^\d]{{0,40}}|fund[^\d]{{0,30}}|
pa[gy][^\d]{{0,20}}|sost[^\d]{{0,30}}|
soutien[^\d]{{0,30}})
(?:avec|con|with) (?:le |l'|il |el |the )?(?:soutien|appui|concours|apoyo|aide)(?: (?:de|du|of|
financier)[^\d]{{0,20}})?""",
    "share": r"""contribut[oi](?: [^\d]{2,40})?
(?:co-?finanziament[oi]|quota|quote|co-?funding|co-?financing|cofinancement|cofinanciacion|
match funding)(?: [^\d]{2,40})?
(?:importo|finanziamento|somma|costo) (?:del )?(?:contributo|assegnat[oa]|concess[oa]|erogat[oa]|ammess[oa]|
liquidat[oa]|impegnat[oa]|richiest[oa]|a carico.*|regionale|comunale|provinciale|statale)
(?:montant|part) (?:de la )?(?:subvention|aide|contribution|cofinancement).*
(?:subvention|subvencion|aide|grant|award|contribution|contribucion|ayuda)s?(?: (?:amount|detail|details|
awarded|accordee|concedida|approved|[^\d]{2,20}))?
(?:amount|sum) (?:awarded|granted|of grant)
(?:year|anno|annee|ano) ?\d+(?: [^\d]{2,20})?
\d(?:st|nd|rd|°|º|o)? ?(?:year|anno|annee|ano)
(?:fesr|feder|erdf|cpn|fse|feaga|fondi propri|own funds|risorse proprie|autofinanziamento|credito|dono|
loan)(?: [^\d]{2,20})?
(?:importe|cantidad|ayuda) (?:concedid[oa]|subvencionad[oa])
spesa ammissibile|spesa ammessa""",
    "amount": rf"""(?:importo|costo|budget|valore|ammontare|spesa|investimento|dimensione finanziaria|
quadro economico|montant|cout|budget|value|cost|amount|presupuesto|importe|coste|monto|valor|quanto|
how much|combien){_OF}(?: in (?:euro|€|eur))?
(?:importo|costo|budget|valore|ammontare|spesa|montant|cout|budget|presupuesto|importe|coste|finanziamento|
valor|investimento|monto|financement|costo) (?:total[ei]?|complessiv[oa]|global[ei]?|general[ei]|stimat[oa]|
previst[oa]){_OF}
(?:total|overall|estimated|whole|full) (?:amount|cost|budget|value|project cost|project budget|
project value|funding)
(?:project) (?:budget|cost|value|amount)
(?:quanto costa|quanto vale|how much (?:does|did|is)|combien coute|cuanto cuesta)[^\d]{{0,30}}
(?:project|projet|progetto|proyecto) total
total[ei]?
total (?:general|€|eur|euro|£|gbp|award|awarded|grant|funding)
(?:totale|total) (?:progetto|project|projet|proyecto)
cout total.*""",
    "funds": rf"""(?:fondi|finanziament[oi]|finanzamento|financement|financements|funding|funds|fonds|
financiacion|financing|risorse|risorse finanziarie|budget e finanziatori){_OF}
(?:fondi|finanziament[oi]|funds) (?:di|da|from|e budget).*""",
    "status": rf"""(?:stato|statut|status|etat|estado|fase|phase|stage){_OF}
stato (?:di|dell'|dei|di )?.?(?:avanzamento|attuazione|lavori|realizzazione|iter|esecuzione){_OF}
(?:etat|degre) d'avancement
(?:project )?(?:status|state)
avanzamento
avancement(?: (?:du projet|des travaux))?""",
    "role": rf"""(?:ruolo|role|papel|rol|funzione|partecipazione|qualita){_OUR}
(?:il )?nostro ruolo
our role
notre role
in qualita di
ruolo [^\d]{{2,50}}
role [^\d]{{2,50}}""",
    "lead": rf"""(?:ente |soggetto |istituzione |universita |partner |organismo |ong |organizzazione |
associazione |comune |
capo )?(?:capofila|capo-fila|capo fila|proponente|promotor[ei]|richiedente|coordinator[ei]|coordinatrice|
titolare|responsabile del progetto|leader){_OF}
(?:enti |soggetti )?(?:proponenti|capofila|promotori|richiedenti)
lead(?:ing)?(?: partner| applicant| organi[sz]ation| body| agency| beneficiary| institution| university|
 institute)?
(?:project )?(?:leader|coordinator|promoter|lead)
(?:applicant|coordinator|coordinating (?:body|organi[sz]ation|institution))
(?:chef|cheffe|chefs) de file(?: [^\d]{{2,25}})?
(?:maitrise d'ouvrage|maitre d'ouvrage|maitre d'oeuvre|pilotage|pilote|structure porteuse|porte par|
organisme porteur|
demandeur|organisation porteuse)(?: [^\d]{{2,20}})?
(?:coordonnateur|coordinateur|porteur|porteur de projet|porteur du projet|maitre d'ouvrage|
collectivite chef de file|collectivite francaise|collectivites? territoriales? francaises?)
(?:led|coordinated|headed|promoted) by
(?:guidat[oa]|coordinat[oa]|promoss[oa]|presentat[oa]) (?:da|dal|dalla|dall')
(?:porte|mene|pilote|coordonne|conduit) par
(?:liderad[oa]|coordinad[oa]|promovid[oa]|presentad[oa]) por
(?:lider|jefe de fila|entidad (?:lider|solicitante|coordinadora|promotora)|solicitante|
coordinador)(?: [^\d]{{2,20}})?""",
    "partners": rf"""(?:partner|partners|partnership|partenariato|partenariat|partenaires?|socios?|
colaborador(?:es)?|entidad(?:es)?|chi|con chi|con quien(?:es)?|avec qui|with whom|who|qui|quien|quienes){_OF}
(?:i |gli )?(?:altri )?(?:partner|partners|partenaires|socios) [^\d]{{2,40}}
(?:local|international|italian|implementing|associated|other|project) (?:partner|partners|counterpart|
authority)
(?:partenaires?|socios?) (?:locaux|local|locales|du projet|etrangers?|associes|techniques)
(?:ent[ei]|soggett[oi]|organismo|organismi|attor[ei]|organizzazion[ei]|associazion[ei]) (?:partner|
coinvolt[ie]|esecutor[ei]|attuator[ei]|attuatric[ei]|realizzator[ei]|gestor[ei]|partecipant[ei]|aderent[ei]|
realizzatric[ei]|beneficiari[oa])
(?:ente|soggetto|organismo)
(?:realizzat[oa]|attuat[oa]|eseguit[oa]|implementato|gestito|promosso|proposto|implemented|carried out|run|
realise|mis en oeuvre|ejecutado) (?:da|dal|dalla|dall'|by|par|por)
(?:ong|ongs|ngo|ngos|osc|onlus|associazion[ei]|association|associations|asociacion|organizzazion[ei]|
organi[sz]ations?|organisme|organismes|organisation|organizacion|organizaciones|ente|enti|esecutore|
attuatore|istituzione|institution|cooperativa|societa)(?: (?:proponente|esecutrice|attuatrice|beneficiaria|
capofila|responsabile|italiana|partner|name|promotrice))?
entidad(?:es)? (?:ejecutora|beneficiaria|gestora|adjudicataria|responsable|participante|colaboradora|socia|
subvencionada)s?
(?:ong|ongd|ongds|osc)(?: (?:ejecutora|local|beneficiaria|responsable))?
(?:implemented|delivered|executed|managed|run) by
(?:ejecuta|ejecutan|ejecutado por|gestiona|mis en oeuvre par)
(?:controparte|controparti|counterpart|contrepartes?)(?: [^\d]{{2,20}})?
(?:in |en )?(?:collaborazione|collaborazioni|collaboration|colaboracion|partenariato|partenariat)(?: (?:con|
avec|with))?
(?:beneficiario|beneficiaria|beneficiario del contributo|beneficiary|beneficiaire|grantee|recipient)
(?:collectivites? territoriales?(?: [^\d]{{2,30}})?|collectivites? (?:partenaires?|etrangeres?|locales?))
(?:comun[ei]|enti locali|municipality|commune)(?: (?:coinvolti|partner|partecipanti|aderenti))?
(?:implementing|executing) (?:agency|body|organi[sz]ation|partner)s?
soggett[oi] [^\d]{{2,20}}
(?:altri|altre|other|autres|otros|otras) (?:soggetti|enti|attori|organismi|organizzazioni|associazioni|
organi[sz]ations|bodies|acteurs|
organismes|structures|entidades|organizaciones|actores)[^\d]{{0,30}}
(?:(?:altr[ie]|other|autres|otros|i|gli|le|les|los|the|our|nostri|nos|nuestros|main|key|principal[ei]s?|
principaux|
delivery|project|programme|strategic[io]?|institutional|istituzionali|internazionali|european|europei|enti|
soggetti|composizione|composicion|composition|elenco|lista|liste|list|rete|members?|membri|of|del|dei|di|des|
du|
de) ){{0,4}}(?:partners?|partnership|partenaires?|partenariato|partenariat|soci[oa]s|
contrapart\w+)(?: (?:local[ei]?s?|locaux|
del|du|of|progetto|project|projet|internazionali|italiani|tecnic[io]|techniques?|institutionnels?)){{0,3}}
(?:chi|who|qui|quien|quienes) (?:partecipa|collabora|realizza|lo |la |coinvolge|ci lavora|e coinvolt|sono |
is |are |participe|
participa|realise|met en|ejecuta|takes part|lo hace)[^\d]{{0,40}}
(?:structures?|organismes?|acteurs?|entites) (?:partenaires?|impliques|locales?|associe[es]*)""",
    "countries": r"""(?:luogo|luoghi|paese|paesi|nazione|nazioni|stati|localita|localizzazione|dove|
territorio|territori|citta|pays|lieu|lieux|localisation|ou|country|countries|location|locations|where|place|
places|pais|paises|lugar|lugares|donde|ubicacion|sede|sito di intervento)(?: (?:di|del|dell'|della|d'|de|of|
du|beneficiar|coinvolt|interessat|partner|target)[^\d]{0,30})?
(?:paese|paesi|zona|zone|aree|area|territorio|territori|luogo|luoghi|ambito territoriale|localita|regione|
sito|siti|zona|target)(?: geografic[ao])? ?(?:di|d'|dell'|del|of|de|beneficiar[ioe]*|target|partner|
coinvolt[iae]|interessat[iae]|destinatar[ioe]+) ?(?:intervento|interventi|azione|realizzazione|attuazione|
svolgimento|esecuzione|intervention|progetto|cooperazione|action|l'action|actuacion|intervencion|
implementation|destinazione)?
(?:partner|target|beneficiary|project|host|recipient|implementing) (?:country|countries|location|area|areas)
(?:zone|pays|lieu|region|ville) (?:d'|de |du )?(?:intervention|realisation|action|mise en oeuvre|projet|
partenaire|beneficiaire).*
(?:zona|area) (?:d'|di |de )?(?:intervento|intervencion|attuazione|progetto|actuacion)
area interessata
(?:dove|where|ou|donde) (?:si |e |is |it |se |sera |viene |lo )[^\d]{2,30}""",
    "area": r"""(?:area|aree|regione|region|regions|continente|continent|continents|zona|zone|macroarea|
macro-area|area geografica|aree geografiche)
(?:area|aree|zona|zone|regione|macroarea|aire|region|geographical|geographic) (?:geografic[ahe]+|geografica|
geographique|area|region|zone|focus)s?
(?:area|zona) (?:geografica )?(?:di riferimento)""",
    "sector": r"""(?:settore|settori|secteur|secteurs|sector|sectors|sectores|tema|temi|temas|tematica|
tematiche|theme|themes|thematique|thematiques|tematica|ambito|ambiti|topic|topics|oss|sdg|sdgs|odd|ods|
categoria|category|categorie|materia|tag|tags|argoment[oi]|parole chiave|tipologia|tipo|type|typologie|asse|
axe|priorita)(?: (?:di|d'|de|del|dell'|of|tematic[oi]|thematique|prioritari[oae]|principal[ei]|
prevalente)[^\d]{0,30})?
(?:ambito|ambiti|aree|area|asse|settore|obiettivi) (?:tematic[ohaei]+|prioritari[oae]*|oss|sdg|di attivita)
obiettiv[oi] di sviluppo sostenibile.*
obiettiv[oi] (?:agenda|onu|globali).*
objectifs? de developpement durable.*
sustainable development goals?.*
(?:aree|area) (?:tematica|tematiche|thematique)
domaines?(?: d'[^\d]{2,20})?""",
    "note": rf"""(?:breve |sintetica )?(?:descrizione|description|descripcion|sintesi|riassunto|abstract|
summary|resume|resumen|cosa|what|quoi|que|contenuto|contenuti|contesto|contexte|context|contexto|
presentazione|presentation|nota|note|notes|remarques|observations?|observaciones|dettagli|
details){_OF}(?: del contesto)?
(?:brief|short|project|courte|breve|descripcion) (?:description|summary|overview|descripcion|descripcion)
(?:obiettivo|obiettivi|objectif|objectifs|objective|objectives|objetivo|objetivos|finalita|scopo|aim|aims|
goal|goals|purpose|but)(?: (?:general[ei]|specific[oi]|globa[lu]x?|generaux|specifiques?|principal[ei]?|del|
dell'|di|du|of|strategic[oi])[^\d]{{0,30}})?
(?:attivita|azioni|activities|activites|actividades|actions|acciones|linee di azione|interventi|risultati|
risultati attesi|results|expected results|resultats|resultats attendus|resultados|impatto|impact|output|
outcomes?)(?: (?:del|dell'|di|du|of|previst[ei]|principal[ei]|realizzat[ei]|attes[ei]|svolte)[^\d]{{0,30}})?
(?:in breve|di cosa si tratta|il progetto|di che si tratta|the project|le projet|el proyecto|perche|come|
why|how|stato dell'arte|motivazione|background|justification)""",
    "title": rf"""(?:titolo|nome|denominazione|intitolazione|oggetto|titre|intitule|nom|title|name|titulo|
nombre){_OF}
(?:progett[oi]|iniziativ[ae]|intervent[oi]|projets?|projects?|proyectos?|azion[ei]|project title|
project name|denominacion)
(?:project|projects) (?:title|name)s?
(?:progetti|projects|projets) (?:di cooperazione|finanziati|approvati|funded)[^\d]{{0,30}}
(?:titolo|nome) (?:e|/) [^\d]{{2,30}}
progetto ?/ ?[^\d]{{2,20}}
(?:descrizione|oggetto) (?:e|/) titolo""",
    "link": r"""(?:link|links|sito|sito web|sito internet|sito ufficiale|pagina web|website|web site|web|
url|site|site web|site internet|sitio web|pagina|scheda|scheda progetto|scheda di progetto|piu informazioni|
maggiori informazioni|approfondiment[oi]|per saperne di piu'?|per approfondire|en savoir plus|
more information|more info|read more|mas informacion|collegament[oi])(?: (?:del|di|al|of|du|
to)[^\d]{0,30})?""",
    "beneficiaries": r"""(?:beneficiari|destinatari|beneficiaries|beneficiaires|destinatarios|beneficiarios|
target|target group|popolazione target|utenti|publics?|public cible)(?: [^\d]{2,30})?""",
    "contact": r"""(?:referente|referenti|contatto|contatti|contact|contacts|contacto|responsabile|
responsabili|telefono|tel|telephone|phone|e-?mail|mail|posta elettronica|pec|fax|indirizzo|adresse|address|
direccion|ufficio|uffici|servizio|per informazioni|informazioni|info|rup|project manager|a cura di|
persona di contatto|contact person|point focal)(?: [^\d]{2,40})?""",
    "code": r"""(?:aid|codice|code|codigo|id|n|nr|n°|nº|no|num|numero|number|numero d'ordine|#|ref|rif|
riferimento|reference|protocollo|prot|cig|atto|delibera|determina|codice [^\d]{2,30}|project (?:code|number|
id|ref)|(?:numero|n\.?|id|num\.?) (?:progetto|progressivo|ordine|pratica|prog\.?|d'ordine))""",
    "score": r"""(?:punteggio|punti|points|score|scores|puntuacion|puntos|posizione|graduatoria|rank|
ranking|rang|esito|valutazione)(?: [^\d]{2,20})?""",
    "attachment": r"""(?:allegat[oi]|document[oi]|documents?|documentazione|documentation|download|scarica|
materiali?|piece jointe|pieces jointes|attachments?|files?|galleria|foto|video|gallery)(?: [^\d]{2,30})?""",
}  # fmt: skip

TOTAL_WORDS = r"""(?:sub-?|gran |grand )?total[ei]?(?: [^\d]{2,40})?
tot(?: (?:general[ei]|complessiv[oaie]))?
(?:overall|grand) total
somma(?: [^\d]{2,20})?
importo totale dei [^\d]{2,30}
complessivamente
in totale"""
