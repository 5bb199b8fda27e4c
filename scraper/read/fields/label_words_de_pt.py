"""The words of labels per field in German and Portuguese: regular expressions over folded text, as in the
other languages."""

_OF_DE = r"(?: (?:des|der|dieses|im|vom|fur das|zum) (?:projekts?|projektes|vorhabens|massnahme))?"
_OF_PT = r"(?: (?:do|dos|da|de|no) (?:projec?tos?|iniciativa|intervencao|acao|cooperacao))?"

LABEL_WORDS_DE_PT: dict[str, str] = {
    "acronym": r"""(?:akronym|kurzname|kurztitel|kurzbezeichnung)""",
    "start": rf"""(?:projekt|vorhaben)?(?:beginn|start|anfang)(?:datum)?{_OF_DE}
(?:beginn|start) der laufzeit
(?:begonnen|gestartet|beginnt|startet|comeca)(?: (?:am|im|em))?
data de (?:inicio|arranque|comeco){_OF_PT}
(?:inicio|arranque){_OF_PT}""",
    "end": rf"""(?:projekt|vorhaben)?(?:ende|abschluss)(?:datum)?{_OF_DE}
(?:enddatum|ende der laufzeit|laufzeitende)
(?:abgeschlossen|beendet) (?:am|im)
(?:endet|acaba)(?: (?:am|im|em))?
(?:data (?:de|do) )?(?:fim|termino|conclusao|encerramento){_OF_PT}""",
    "period": rf"""(?:projekt|gesamt)?(?:laufzeit|dauer|zeitraum){_OF_DE}
(?:forder|durchfuhrungs|umsetzungs|bewilligungs)zeitraum
(?:wann|jahre?|zeit|zeitrahmen|zeitplan)
(?:duracao|periodo|prazo|vigencia|cronograma|datas){_OF_PT}
periodo de (?:execucao|implementacao|realizacao|vigencia)""",
    "year": r"""(?:forderjahr|bewilligungsjahr|stand|veroffentlicht(?: am)?|aktualisiert(?: am)?)
(?:ano|data) d[aeo] (?:aprovacao|candidatura|publicacao|concurso|financiamento|atualizacao)""",
    "programmes": rf"""(?:ko-?)?(?:gefordert|finanziert|unterstutzt|mitfinanziert)(?: (?:durch|von|vom|aus|
mit mitteln.*))?
(?:forderung|finanzierung|unterstutzung) (?:durch|von|aus)
(?:fordermittel|zuwendungs|mittel|geld|drittmittel)geber(?:in|innen)?
(?:forderer|forderin|fordernde|forderprogramm|forderlinie|programm|programme|spender|sponsoren|geldquelle)
(?:co-?)?financiador[ae]?s?{_OF_PT}
(?:entidades?|instituicao|organismo) financiador[ae]s?
(?:co-?)?financiad[oa]s? por
(?:fontes?|linhas?|programa) de financiamento
(?:com (?:o )?)?(?:apoios?|patrocinio|financiamento) (?:de|do|da|dos|das|financeiro)
(?:apoios?|apoiado por|doador(?:es)?|patrocinador(?:es)?)""",
    "share": r"""(?:eigen(?:anteil|mittel|beitrag)|zuschuss|forder(?:summe|betrag|hohe)|kofinanzierung|
beitrag|zuwendung|bewilligte (?:mittel|summe))(?: (?:der|des|von) .{2,30})?
(?:contribuicao|comparticipacao|subvencao|subsidio|co-?financiamento|apoio (?:concedido|atribuido)|
(?:montante|valor) (?:concedido|atribuido|financiado|aprovado))(?: (?:d[aeo]s?) .{2,30})?""",
    "amount": rf"""(?:gesamt|projekt)(?:kosten|budget|summe|volumen|betrag|ausgaben|investition|finanzierung|
projektkosten|etat){_OF_DE}
(?:kosten|budget|volumen|finanzvolumen|finanzrahmen|betrag|investition|investitionssumme){_OF_DE}
(?:gesamte )?(?:projektkosten|projektmittel)
(?:custos?|orcamento|valor|montante|verba|investimento)(?: (?:total|global|previsto|estimado))?{_OF_PT}
quanto custa.{{0,20}}""",
    "funds": rf"""(?:fordermittel|finanzmittel|mittel|finanzierung|forderung|mittelherkunft){_OF_DE}
(?:financiamentos?|fundos|recursos(?: financeiros)?){_OF_PT}""",
    "status": rf"""(?:projekt)?status{_OF_DE}
projektstand|(?:stand|phase) (?:des|der) (?:projekts?|projektes|umsetzung|arbeiten|vorhabens)
umsetzungsstand|(?:projekt)?phase
(?:estado|situacao|fase|ponto de situacao){_OF_PT}
estado (?:de execucao|atual|actual)""",
    "role": r"""(?:(?:unsere )?rolle|funktion)(?: (?:der|des|von) .{2,40})?
(?:o nosso )?papel(?: (?:do|da|de) .{2,40})?
funcao""",
    "lead": rf"""(?:federfuhrung|federfuhrende.? .{{3,25}}|projekttrager(?:in)?|trager(?:in)?|
antragsteller(?:in)?|
lead-?partner|hauptpartner|konsortialfuhrer(?:in)?|koordination|koordinator(?:in)?|
projektkoordination|durchgefuhrt von|initiator(?:in)?){_OF_DE}
(?:entidade )?(?:lider|coordenador|coordenadora|coordenacao|promotora?|proponente){_OF_PT}
(?:chefe de fila|parceiro lider|coordenad[oa] por|promovid[oa] por)""",
    "partners": rf"""(?:projekt|kooperations|umsetzungs|verbund|durchfuhrungs|lokale |lokaler |weitere |
ortliche |internationale |unsere )?partner(?:in|innen)?(?: (?:vor ort|im projekt|in .{{3,25}}))?{_OF_DE}
(?:lokale )?partner(?:organisation|stadt|gemeinde|kommune|institution|verein|hochschule)(?:en)?
(?:durchfuhrende|ausfuhrende|umsetzende|beteiligte)(?: .{{3,25}})?
(?:durchfuhrung|umsetzung|organisation|organisationen|verein|einrichtung|trager vor ort|konsortium)
(?:umgesetzt|durchgefuhrt|realisiert) (?:von|durch)
(?:in )?(?:zusammenarbeit|kooperation|partnerschaft)(?: mit)?
(?:wer|mit wem)
parceir[oa]s?(?: (?:locais|local|institucionais|estrategicos|internacionais))?{_OF_PT}
(?:em )?(?:parcerias?|colaboracao|cooperacao)(?: com)?
(?:executad[oa]|implementad[oa]|realizad[oa]) por
(?:entidades?|organizac(?:ao|oes)|instituic(?:ao|oes)|associac(?:ao|oes))(?: (?:executoras?|parceiras?|
beneficiarias?|implementadoras?|locais|local))?
(?:com quem|outros parceiros|consorcio)""",
    "countries": r"""(?:ziel|projekt|partner|einsatz)?(?:land|lander|landern|region und land|ort|orte)
(?:projekt|einsatz)?(?:standort|standorte|gebiet)
(?:wo|land ?/ ?region|land und (?:region|ort))
(?:local|locais|localizacao|onde|lugar)(?: (?:de|da|do) (?:intervencao|implementacao|execucao|projec?to))?
paises? (?:de intervencao|parceiros?|beneficiarios?|d[eo] projec?to)""",
    "area": r"""(?:welt)?region(?:en)?|kontinente?|geografische (?:region|lage)
regiao|regioes|area geografica|continentes?""",
    "sector": r"""(?:themen?|thema|sektor|sektoren|themenfelder?|themenbereiche?|themengebiete?|
schwerpunkte?|handlungsfelder?|bereiche?|kategorien?|schlagworte?|sdgs?|nachhaltigkeitsziele?)
(?:setor|setores|sectores|area tematica|areas tematicas|categorias?|palavras-chave)""",
    "note": r"""(?:kurz|projekt)?(?:beschreibung|inhalte?|ziele?|hintergrund)(?: des projekts)?
(?:zusammenfassung|aktivitaten|massnahmen|ergebnisse|erwartete ergebnisse|wirkung|zielsetzung|uberblick|
anmerkungen?|bemerkungen?|worum geht es|das projekt|uber das projekt|was|warum|wie)
(?:breve )?(?:descricao|resumo|sintese|apresentacao)(?: do projec?to)?
(?:objec?tivos?(?: (?:gera(?:l|is)|especificos?|principa(?:l|is)))?|ac?tividades(?: previstas)?|
resultados(?: esperados)?|contexto|enquadramento|observacoes|o projec?to|sobre o projec?to|o que)""",
    "title": r"""(?:projekt)?(?:titel|name|bezeichnung)(?: des (?:projekts?|vorhabens))?
(?:projekte?|vorhaben|massnahmen?|hilfsprojekte?)
(?:designacao|denominacao|titulo|nome)(?: d[oa] (?:projec?to|iniciativa))?
projec?tos?|iniciativas?""",
    "link": r"""(?:webseite|webauftritt|internetseite|homepage|projektseite|projekt-?website|
(?:weitere|mehr) (?:informationen|infos)|mehr dazu|zum projekt)
(?:ligacao|ligacoes|hiperligacao|pagina web|mais informac(?:ao|oes)|sa(?:iba|ber) mais)""",
    "beneficiaries": r"""(?:zielgruppen?|begunstigte|teilnehmende)
(?:beneficiari[oa]s?(?: diretos)?|destinatarios|publico-alvo|populacao(?:-alvo)?)""",
    "contact": r"""(?:kontakt|kontakte|kontaktperson|ansprechpartner(?:in|innen)?|ansprechperson(?:en)?|
telefon|
anschrift|adresse|e-?mail|projektleitung|projektleiter(?:in)?|leitung)
(?:contac?tos?|telefone|morada|endereco|correio eletronico|responsavel|pessoa de contac?to)""",
    "code": r"""(?:projektnummer|nummer|nr|kennzeichen|forderkennzeichen|aktenzeichen|fkz|laufende nummer)
(?:codigo|referencia|numero)(?: do projec?to)?""",
    "score": r"""(?:punkte|rang|platz|bewertung|pontuacao|pontos|classificacao)""",
    "attachment": r"""(?:anlagen?|anhang|dokumente?|downloads?|unterlagen|bilder|fotos|galerie|anexos?|
documentos?|
ficheiros?|fotografias)""",
}  # fmt: skip

TOTAL_WORDS_DE_PT = r"""(?:gesamt|summe|insgesamt|zwischensumme|gesamtbetrag)
soma|total geral"""
