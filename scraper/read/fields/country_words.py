"""Names of countries that CLDR lacks, adjectives of countries, and well-known places with their country."""

# Everyday names beside those of CLDR; official and former names as on Italian, French, Spanish and English pages.
OTHER_NAMES = {
    "BA": "Bosnia|Bosnia Erzegovina|Bosnia e Erzegovina|Bosnia and Herzegovina|Bosnie|Bosnia-Herzegovina|Bosnie et Herzégovine",
    "BF": "Burkina", "CD": "Repubblica Democratica del Congo|RDC|RD Congo|R D Congo|Rep Dem del Congo|Rep Democratica del Congo|Congo RDC|Congo Kinshasa|"
    "Democratic Republic of the Congo|Democratic Republic of Congo|DR Congo|DRC|République démocratique du Congo|Congo Belga|Zaire",
    "CG": "Repubblica del Congo|Republic of the Congo|République du Congo|Congo Brazzaville|Congo",
    "CF": "Centrafrica|Repubblica Centroafricana|Rep Centrafricana|Centrafrique", "CI": "Ivory Coast|Costa de Marfil|Cote d Ivoire",
    "CV": "Cabo Verde", "CZ": "Repubblica Ceca|Czech Republic|République tchèque|República Checa", "EH": "Sahara Occidentale|Western Sahara|Sahara occidental",
    "GB": "Inghilterra|Scozia|Galles|England|Scotland|Wales|Angleterre|Écosse|Gran Bretagna|Great Britain|UK", "GM": "The Gambia|Gambia", "GN": "Guinea Conakry|Guinée Conakry",
    "GW": "Guinea Bissau", "KP": "Corea del Nord", "LY": "Libia", "MD": "Repubblica di Moldova|Moldova", "MK": "Macedonia|Ex Macedonia|FYROM|Macédoine|North Macedonia",
    "MM": "Myanmar|Birmania|Burma|Birmanie", "MU": "Île Maurice|Isola Mauritius", "NL": "Olanda|Holland", "PS": "Palestina|Palestine|Palestina/Israele|Territori Palestinesi Occupati|"
    "Striscia di Gaza|Cisgiordania|West Bank|Gaza|Cisjordanie|Territoires palestiniens occupés|Territori Occupati|Autorità Nazionale Palestinese|Bande de Gaza|Gaza Strip|Occupied Palestinian Territory",
    "SS": "Sudan del Sud|Sud Sudan|Sud-Soudan", "ST": "Sao Tome|São Tomé", "SY": "Repubblica Araba Siriana", "SZ": "Swaziland", "TL": "Timor Est|East Timor|Timor Leste", "TR": "Turkey",
    "TZ": "Zanzibar", "US": "USA|Stati Uniti d America|United States of America", "VA": "Vaticano", "XK": "Kossovo", "IQ": "Kurdistan iracheno|Iraq", "SO": "Somaliland",
    "CN": "Repubblica Popolare Cinese", "RU": "Federazione Russa|Russian Federation", "GT": "Guatemala", "DO": "Repubblica Domenicana|Rep Dominicana", "BY": "Bielorussia|Biélorussie",
    "BO": "Bolivia", "VE": "Venezuela", "PG": "Papua Nuova Guinea",
}  # fmt: skip

# CLDR names that are common words, persons or saints in one of the four languages (Riunione is a meeting).
NO_NAMES = frozenset(
    "riunione|reunion|la reunion|maurice|mauricio|dominique|saint martin|san martin|santa lucia|san bartolome|santa elena|sant elena|man|jersey|"
    "guernsey|martinica|norfolk|natale|isola christmas|curacao|montserrat|svalbard|la france".split("|")
)

# Stems of adjectives for partner countries (OECD DAC list): folded; endings of it, fr, es, en follow.
ADJECTIVES = {
    "ET": "etiop[ei]|etiopic[oahe]+|ethiopian|ethiopien(?:ne)?s?", "SN": "senegales[ei]|senegalais(?:e|es)?", "TN": "tunisin[oaei]|tunisian|tunisien(?:ne)?s?", "MA": "marocchin[oaei]|moroccan|marocain(?:e|es|s)?|marroqui",
    "LB": "libanes[ei]|lebanese|libanais(?:e|es)?", "PS": "palestines[ei]|palestinian|palestinien(?:ne)?s?|palestin[oa]s", "JO": "giordan[aei]|jordanian|jordanien(?:ne)?s?", "BF": "burkinab[ei]|burkinese",
    "ML": "malian[oaei]|malian|malien(?:ne)?s?", "KE": "kenian[oaei]|keniot[aei]|kenyan", "TZ": "tanzanian[oaei]*", "MZ": "mozambican[oaei]*|mozambicain(?:e|es|s)?", "CI": "ivorian[oaei]*|ivoirien(?:ne)?s?", "GM": "gambian[oaei]*",
    "AL": "albanes[ei]|albanian|albanais(?:e|es)?", "BA": "bosniac[oahei]+|bosnian", "XK": "kosovar[oaei]*", "RS": "serb[oaei]|serbian", "BO": "bolivian[oaei]*", "PE": "peruvian[oaei]*|peruvien(?:ne)?s?", "BR": "brasilian[oaei]|brazilian|bresilien(?:ne)?s?",
    "CU": "cuban[oaei]*", "GT": "guatemaltec[oahei]+|guatemalan", "HT": "haitian[oaei]*|haitien(?:ne)?s?", "NI": "nicaraguens[ei]|nicaraguan", "SV": "salvadoregn[oaei]|salvadoran", "EC": "ecuadorian[oaei]*|ecuadoregn[oaei]", "CO": "colombian[oaei]*",
    "UG": "ugandes[ei]|ugandan", "RW": "ruandes[ei]|rwandan|rwandais(?:e|es)?", "BI": "burundes[ei]|burundian", "NE": "nigerin[oaei]", "NG": "nigerian[oaei]*", "CM": "camerunens[ei]|cameroonian|camerounais(?:e|es)?", "MG": "malgasc[ioahe]+|malagasy|malgache",
    "SO": "somal[oaei]|somali|somalian", "SD": "sudanes[ei]|sudanese|soudanais(?:e|es)?", "ZM": "zambian[oaei]*", "ZW": "zimbabwian[oaei]|zimbabwean", "MW": "malawian[oaei]*", "GH": "ghanes[ei]|ghanaian|ghaneen(?:ne)?s?", "TG": "togoles[ei]|togolais(?:e|es)?", "BJ": "beninese|beninois(?:e|es)?",
    "EG": "egizian[oaei]|egyptian|egyptien(?:ne)?s?", "DZ": "algerin[oaei]|algerian|algerien(?:ne)?s?", "LY": "libic[oahe]|libyan|libyen(?:ne)?s?", "SY": "sirian[oaei]|syrian|syrien(?:ne)?s?", "IQ": "irachen[oaei]|iraqi|irakien(?:ne)?s?", "AF": "afghan[oaei]?|afgan[oaei]",
    "NP": "nepales[ei]|nepali|nepalais(?:e|es)?", "BD": "bangladesi|bangladeshi|bengales[ei]", "MM": "birman[oaei]|burmese", "VN": "vietnamit[aei]|vietnamese|vietnamien(?:ne)?s?", "MD": "moldav[oaei]|moldovan", "UA": "ucrain[oaei]|ukrainian|ukrainien(?:ne)?s?", "AM": "armen[oaei]|armenian|armenien(?:ne)?s?",
}  # fmt: skip

# Places that pages name without their country. Capitals and main cities: exemplar cities of the IANA time zones (CLDR) and
# UN member lists; Ethiopian, Ivorian and Mozambican ones: addisabeba.aics.gov.it, amref.it, comune.torino.it, comune.milano.it.
PLACES = {
    "ET": "Awassa|Hawassa|Addis Abeba|Addis Ababa|Addis-Abeba|Gambella|Gambela|Tigray|Tigrai|Oromia|Macallè|Mekelle|Dire Daua|Dire Dawa|Bahir Dar|Sidama|Wolaita|Wollo|Gondar|Jimma|Afar",
    "CI": "Daloa|Abidjan|Yamoussoukro|Bouaké|Korhogo", "SN": "Dakar|Saint-Louis du Sénégal|Thiès|Ziguinchor|Casamance|Louga|Tambacounda|Kaolack|Pikine|Guédiawaye", "ML": "Bamako|Timbuctù|Tombouctou|Mopti|Kayes|Ségou|Sikasso|Kita",
    "BF": "Ouagadougou|Bobo-Dioulasso|Bobo Dioulasso|Koudougou|Ouahigouya|Dori|Gourcy", "NE": "Niamey|Agadez|Zinder|Maradi|Tahoua|Dosso", "GM": "Banjul|Serekunda|Brikama", "TG": "Lomé|Kara", "BJ": "Cotonou|Porto-Novo|Porto Novo|Parakou|Tanguiéta", "GH": "Accra|Kumasi|Tamale",
    "GN": "Conakry|Kindia|Labé", "GW": "Bissau", "CM": "Yaoundé|Douala|Garoua|Bafoussam", "TD": "N'Djamena|Ndjamena|Moundou", "CF": "Bangui|Bozoum|Bouar", "CD": "Kinshasa|Goma|Bukavu|Lubumbashi|Kivu|Kisangani|Nord Kivu|Sud Kivu", "CG": "Brazzaville|Pointe-Noire",
    "KE": "Nairobi|Mombasa|Kisumu|Malindi|Nakuru|Turkana|Isiolo|Kibera|Eldoret|Meru", "UG": "Kampala|Gulu|Karamoja|Lira|Moroto|Entebbe", "TZ": "Dar es Salaam|Dodoma|Iringa|Mwanza|Arusha|Pemba Island|Njombe|Morogoro", "RW": "Kigali|Butare", "BI": "Bujumbura|Gitega|Ngozi",
    "MZ": "Maputo|Beira|Nampula|Cabo Delgado|Quelimane|Pemba|Sofala|Manica|Zambezia|Inhambane|Caia", "ZM": "Lusaka|Ndola|Chirundu|Kafue", "ZW": "Harare|Bulawayo", "MW": "Lilongwe|Blantyre|Zomba|Balaka", "MG": "Antananarivo|Toamasina|Tulear|Nosy Be", "AO": "Luanda|Benguela", "SO": "Mogadiscio|Mogadishu|Hargeisa",
    "SD": "Khartoum|Khartum|Darfur|Port Sudan|Kassala|Gedaref", "SS": "Juba|Rumbek", "ER": "Asmara|Massaua", "MA": "Rabat|Casablanca|Tangeri|Tanger|Tangier|Marrakech|Fès|Agadir|Oujda|Tétouan|Khouribga|Béni Mellal|Khénifra|Meknès", "TN": "Tunisi|Tunis|Sfax|Cartagine|Carthage|Sousse|Kairouan|Gafsa|Médenine|Tataouine|Gabès|Djerba|Zarzis|Bizerte|Kasserine|Jendouba|Mahdia|Nabeul",
    "DZ": "Algeri|Algiers|Alger|Tindouf|Orano|Oran", "LY": "Tripoli di Libia|Bengasi|Benghazi|Misurata", "EG": "Il Cairo|Cairo|Le Caire|El Cairo|Alessandria d'Egitto|Fayoum|Luxor|Minya", "LB": "Beirut|Beyrouth|Sidone|Saida|Baalbek|Valle della Bekaa|Bekaa|Zahle|Zahlé|Tripoli del Libano|Al Fayhaa|Byblos|Tiro",
    "JO": "Amman|Zarqa|Irbid|Mafraq|Madaba|Petra", "PS": "Betlemme|Bethlehem|Bethléem|Ramallah|Hebron|Nablus|Gerico|Jericho|Jenin|Gerusalemme Est|East Jerusalem|Rafah|Tulkarem|Beit Jala|Beit Sahour|Khan Younis|Qalqilya", "SY": "Damasco|Aleppo|Homs|Damascus|Rojava|Kobane", "IQ": "Baghdad|Bagdad|Mosul|Erbil|Sulaymaniyah|Dohuk|Bassora|Nassiriya",
    "AF": "Kabul|Herat|Kandahar|Bamyan", "PK": "Islamabad|Lahore|Karachi|Swat", "IN": "Nuova Delhi|New Delhi|Mumbai|Bombay|Calcutta|Kolkata|Tamil Nadu|Kerala|Chennai|Andhra Pradesh|Orissa|Odisha", "NP": "Kathmandu|Katmandu|Pokhara", "LK": "Colombo|Jaffna", "BD": "Dacca|Dhaka", "MM": "Yangon|Mandalay", "VN": "Hanoi|Ho Chi Minh", "KH": "Phnom Penh", "PH": "Manila", "ID": "Giacarta|Jakarta|Banda Aceh",
    "AL": "Tirana|Scutari|Shkodër|Shkodra|Durazzo|Valona|Elbasan|Korça|Lezha|Kukës", "BA": "Sarajevo|Mostar|Srebrenica|Tuzla|Banja Luka|Zenica|Prijedor|Breza|Zavidovići|Zavidovici|Bratunac", "RS": "Belgrado|Belgrade|Kragujevac|Kraljevo|Niš|Novi Sad|Zastava", "XK": "Pristina|Prishtina|Pristine|Prizren|Mitrovica|Peć|Peja|Klina", "ME": "Podgorica|Cetinje|Budva", "MK": "Skopje|Tetovo|Ohrid",
    "MD": "Chişinău|Chisinau", "UA": "Kiev|Kyiv|Leopoli|Lviv|Odessa|Kharkiv|Mykolaïv", "GE": "Tbilisi|Batumi", "AM": "Yerevan|Erevan", "BR": "San Paolo del Brasile|São Paulo|Rio de Janeiro|Salvador de Bahia|Salvador da Bahia|Belo Horizonte|Porto Alegre|Manaus|Recife|Brasilia|Minas Gerais|Maranhão", "BO": "La Paz|Cochabamba|Potosí|El Alto|Tarija|Chuquisaca|Oruro",
    "PE": "Lima|Cusco|Cuzco|Ayacucho|Huaraz|Arequipa|Cajamarca|Callao", "EC": "Quito|Guayaquil|Esmeraldas|Cuenca|Chimborazo", "CO": "Bogotà|Bogotá|Medellín|Cali|Cartagena de Indias|Chocó", "GT": "Città del Guatemala|Quetzaltenango|Sololá|Huehuetenango|Ciudad de Guatemala", "NI": "Managua|Matagalpa|Ocotal|Estelí", "HN": "Tegucigalpa|San Pedro Sula", "SV": "San Salvador", "CU": "L'Avana|La Habana|Havana|Pinar del Río|Santiago de Cuba|Cienfuegos",
    "HT": "Port-au-Prince|Port au Prince|Les Cayes|Jacmel", "DO": "Santo Domingo", "AR": "Buenos Aires|Rosario|Misiones|Salta|Chaco argentino", "PY": "Asunción", "UY": "Montevideo", "VE": "Caracas", "CL": "Valparaíso|Santiago del Cile", "MX": "Città del Messico|Chiapas|Oaxaca", "CV": "Praia|Mindelo|Isola di Fogo", "ST": "São Tomé e Príncipe", "ZA": "Johannesburg|Città del Capo|Cape Town|Soweto|Durban|Pretoria", "CN": "Pechino|Beijing|Shenyang|Wuhan", "TR": "Gaziantep|Diyarbakır|Şanlıurfa",
}  # fmt: skip
