"""Names of countries that CLDR lacks, adjectives of countries, and well-known places, by ISO code."""

# Everyday, official and former names beside those of CLDR, as on Italian, French, Spanish, English, German
# and Portuguese pages.
OTHER_NAMES = """\
BA Bosnia|Bosnia Erzegovina|Bosnia e Erzegovina|Bosnia and Herzegovina|Bosnie|Bosnia-Herzegovina
BA Bosnie et Herzégovine|Bosnien|Bosnien Herzegowina
BF Burkina
BO Bolivia
BY Bielorussia|Biélorussie|Weißrussland
CD Rep Dem Congo|Repubblica Democratica Congo
CD Repubblica Democratica del Congo|RDC|RD Congo|R D Congo|Rep Dem del Congo|Rep Democratica del Congo
CD Congo RDC|Congo Kinshasa|Democratic Republic of the Congo|Democratic Republic of Congo|DR Congo|DRC
CD République démocratique du Congo|Congo Belga|Zaire
CF Repubblica Centro Africana|RCA
CF Centrafrica|Repubblica Centroafricana|Rep Centrafricana|Centrafrique
CD Demokratische Republik Kongo|DR Kongo|República Democrática do Congo|RD do Congo|RD del Congo
CD Congo Repubblica Democratica|Congo Rep Dem|Congo Dem Rep|Congo RD|Congo République démocratique
CD Congo Democratic Republic|Congo R D|R D del Congo|RDC Congo|Kongo
CG Repubblica del Congo|Republic of the Congo|République du Congo|Congo Brazzaville|Congo
CI Elfenbeinküste|Ivory Coast|Costa de Marfil|Cote d Ivoire
CN Repubblica Popolare Cinese
CV Cabo Verde|Kapverden|Kap Verde
CZ Tschechische Republik|Repubblica Ceca|Czech Republic|République tchèque|República Checa
DO Repubblica Domenicana|R Dominicana|Rep Dominicana
EH Sahara Occidentale|Western Sahara|Sahara occidental
GB Inghilterra|Scozia|Galles|England|Scotland|Wales|Angleterre|Écosse|Gran Bretagna|Great Britain|UK
GM The Gambia|Gambia
GN Guinea Conakry|Guinée Conakry
GT Guatemala
GW Guinea Bissau
KG Kirgistan
IQ Kurdistan iracheno|Iraq
KP Corea del Nord
LY Libia
MD Repubblica di Moldova|Moldova|Moldau|Moldawien
MK Mazedonien|Macedonia|Ex Macedonia|FYROM|Macédoine|North Macedonia
MM Myanmar|Birmania|Burma|Birmanie
MU Île Maurice|Isola Mauritius
NL Olanda|Holland
PG Papua Nuova Guinea
PS Palästina|Westjordanland|Gazastreifen|Faixa de Gaza|Cisjordânia|Palestina|Palestine|Palestina/Israele|
Territori Palestinesi Occupati|Striscia di Gaza|Cisgiordania
PS West Bank|Gaza|Cisjordanie|Territoires palestiniens occupés|Territori Occupati
PS Autorità Nazionale Palestinese|Bande de Gaza|Gaza Strip|Occupied Palestinian Territory
RU Federazione Russa|Russian Federation
SO Somaliland
SS Sudan del Sud|Sud Sudan|Sud-Soudan
ST Sao Tome|São Tomé
SY Repubblica Araba Siriana
SZ Swaziland
TL Osttimor|Timor Est|East Timor|Timor Leste
TR Turkey
TZ Zanzibar
US USA|Stati Uniti d America|United States of America
VA Vaticano
VE Venezuela
XK Kossovo
"""

# Names of CLDR that are common words, persons or saints in one of the languages: Riunione is a meeting.
NO_NAMES = """\
alanda
curacao
dominique
franca
guernsey
ira
island
isola christmas
jersey
la france
la reunion
man
martinica
maurice
mauricia
mauricio
monserrate
montserrat
natale
norfolk
oma
reunion
reuniao
riunione
sao marinho
sao martinho
saint martin
san bartolome
san martin
sant elena
santa elena
santa lucia
svalbard
"""

# Adjectives of partner countries (OECD DAC list), folded, with their endings in it, fr, es and en.
ADJECTIVES = """\
AF afghan[oaei]?|afgan[oaei]
AL albanes[ei]|albanian|albanais(?:e|es)?
AM armen[oaei]|armenian|armenien(?:ne)?s?
BA bosniac[oahei]+|bosnian
BD bangladesi|bangladeshi|bengales[ei]
BF burkinab[ei]|burkinese
BI burundes[ei]|burundian
BJ beninese|beninois(?:e|es)?
BO bolivian[oaei]*
BR brasilian[oaei]|brazilian|bresilien(?:ne)?s?
CI ivorian[oaei]*|ivoirien(?:ne)?s?
CM camerunens[ei]|cameroonian|camerounais(?:e|es)?
CO colombian[oaei]*
CU cuban[oaei]*
DZ algerin[oaei]|algerian|algerien(?:ne)?s?
EC ecuadorian[oaei]*|ecuadoregn[oaei]
EG egizian[oaei]|egyptian|egyptien(?:ne)?s?
ET etiop[ei]|etiopic[oahe]+|ethiopian|ethiopien(?:ne)?s?
GH ghanes[ei]|ghanaian|ghaneen(?:ne)?s?
GM gambian[oaei]*
GT guatemaltec[oahei]+|guatemalan
HT haitian[oaei]*|haitien(?:ne)?s?
IQ irachen[oaei]|iraqi|irakien(?:ne)?s?
JO giordan[aei]|jordanian|jordanien(?:ne)?s?
KE kenian[oaei]|keniot[aei]|kenyan
LB libanes[ei]|lebanese|libanais(?:e|es)?
LY libic[oahe]|libyan|libyen(?:ne)?s?
MA marocchin[oaei]|moroccan|marocain(?:e|es|s)?|marroqui
MD moldav[oaei]|moldovan
MG malgasc[ioahe]+|malagasy|malgache
ML malian[oaei]|malian|malien(?:ne)?s?
MM birman[oaei]|burmese
MW malawian[oaei]*
MZ mozambican[oaei]*|mozambicain(?:e|es|s)?
NE nigerin[oaei]
NG nigerian[oaei]*
NI nicaraguens[ei]|nicaraguan
NP nepales[ei]|nepali|nepalais(?:e|es)?
PE peruvian[oaei]*|peruvien(?:ne)?s?
PS palestines[ei]|palestinian|palestinien(?:ne)?s?|palestin[oa]s
RS serb[oaei]|serbian
RW ruandes[ei]|rwandan|rwandais(?:e|es)?
SD sudanes[ei]|sudanese|soudanais(?:e|es)?
SN senegales[ei]|senegalais(?:e|es)?
SO somal[oaei]|somali|somalian
SV salvadoregn[oaei]|salvadoran
SY sirian[oaei]|syrian|syrien(?:ne)?s?
TG togoles[ei]|togolais(?:e|es)?
TN tunisin[oaei]|tunisian|tunisien(?:ne)?s?
TZ tanzanian[oaei]*
UA ucrain[oaei]|ukrainian|ukrainien(?:ne)?s?
UG ugandes[ei]|ugandan
VN vietnamit[aei]|vietnamese|vietnamien(?:ne)?s?
XK kosovar[oaei]*
ZM zambian[oaei]*
ZW zimbabwian[oaei]|zimbabwean
"""

# Places that pages name without their country. Capitals and main cities: exemplar cities of the IANA time
# zones (CLDR) and UN member lists; others as cooperation pages pair them: addisabeba.aics.gov.it,
# khartoum.aics.gov.it, amref.it, comune.torino.it, comune.milano.it, regione.piemonte.it.
PLACES = """\
AF Kabul|Herat|Kandahar|Bamyan
AL Tirana|Scutari|Shkodër|Shkodra|Durazzo|Valona|Elbasan|Korça|Lezha|Kukës
AM Yerevan|Erevan
AO Luanda|Benguela
AR Buenos Aires|Misiones|Chaco argentino
BA Erzegovina|Herzegovina|Herzégovine
BA Sarajevo|Mostar|Srebrenica|Tuzla|Banja Luka|Zenica|Prijedor|Zavidovići|Zavidovici|Bratunac
BD Dacca|Dhaka
BF Ouagadougou|Bobo-Dioulasso|Bobo Dioulasso|Koudougou|Ouahigouya|Gourcy
BI Bujumbura|Gitega|Ngozi
BJ Cotonou|Porto-Novo|Porto Novo|Parakou|Tanguiéta
BO La Paz|Cochabamba|Potosí|El Alto|Tarija|Chuquisaca|Oruro
BR San Paolo del Brasile|São Paulo|Rio de Janeiro|Salvador de Bahia|Salvador da Bahia|Belo Horizonte
BR Porto Alegre|Manaus|Recife|Brasilia|Minas Gerais|Maranhão
CD Kinshasa|Goma|Bukavu|Lubumbashi|Kivu|Kisangani|Nord Kivu|Sud Kivu
CF Bangui|Bozoum|Bouar
CG Brazzaville|Pointe-Noire
CI Daloa|Abidjan|Yamoussoukro|Bouaké|Korhogo
CL Valparaíso|Santiago del Cile
CM Yaoundé|Douala|Garoua|Bafoussam
CN Pechino|Beijing|Shenyang|Wuhan
CO Bogotà|Bogotá|Medellín|Cartagena de Indias|Chocó
CU L'Avana|La Habana|Havana|Pinar del Río|Santiago de Cuba|Cienfuegos
CV Praia|Mindelo|Isola di Fogo
DE Monaco di Baviera
DO Santo Domingo
DZ Algeri|Algiers|Alger|Tindouf|Orano|Oran
EC Quito|Guayaquil|Esmeraldas|Chimborazo
EG Il Cairo|Cairo|Le Caire|El Cairo|Alessandria d'Egitto|Fayoum|Luxor|Minya
ER Asmara|Massaua
ET Awassa|Hawassa|Addis Abeba|Addis Ababa|Addis-Abeba|Gambella|Gambela|Tigray|Tigrai|Oromia|Macallè|Mekelle
ET Dire Daua|Dire Dawa|Bahir Dar|Sidama|Wolaita|Wollo|Gondar|Jimma
GE Tbilisi|Batumi
GH Accra|Kumasi
GM Banjul|Serekunda|Brikama
GN Conakry|Kindia|Labé
GT Città del Guatemala|Quetzaltenango|Sololá|Huehuetenango|Ciudad de Guatemala
GW Bissau
HN Tegucigalpa|San Pedro Sula
HT Port-au-Prince|Port au Prince|Les Cayes|Jacmel
ID Giacarta|Jakarta|Banda Aceh
IN Nuova Delhi|New Delhi|Mumbai|Bombay|Calcutta|Kolkata|Tamil Nadu|Kerala|Chennai|Andhra Pradesh|Orissa
IN Odisha
IQ Baghdad|Bagdad|Mosul|Erbil|Sulaymaniyah|Dohuk|Bassora|Nassiriya
JO Amman|Zarqa|Irbid|Mafraq|Madaba
KE Nairobi|Mombasa|Kisumu|Malindi|Nakuru|Turkana|Isiolo|Kibera|Eldoret
KH Phnom Penh
LB Beirut|Beyrouth|Sidone|Saida|Baalbek|Valle della Bekaa|Bekaa|Zahle|Zahlé|Tripoli del Libano|Al Fayhaa
LB Byblos
LK Jaffna
LY Tripoli di Libia|Bengasi|Benghazi|Misurata
MA Rabat|Casablanca|Tangeri|Tanger|Tangier|Marrakech|Agadir|Oujda|Tétouan|Khouribga|Béni Mellal
MA Khénifra|Meknès
MD Chişinău|Chisinau
ME Podgorica|Cetinje|Budva
MG Antananarivo|Toamasina|Tulear|Nosy Be
MK Skopje|Tetovo|Ohrid
ML Bamako|Timbuctù|Tombouctou|Mopti|Kayes|Ségou|Sikasso
MM Yangon|Mandalay
MW Lilongwe|Blantyre|Zomba|Balaka
MX Città del Messico|Chiapas|Oaxaca
MZ Maputo|Beira|Nampula|Cabo Delgado|Quelimane|Pemba|Sofala|Zambezia|Inhambane
NE Niamey|Agadez|Zinder|Maradi|Tahoua|Dosso
NI Managua|Matagalpa|Ocotal|Estelí
NP Kathmandu|Katmandu|Pokhara
PE Lima|Cusco|Cuzco|Ayacucho|Huaraz|Arequipa|Cajamarca|Callao
PH Manila
PK Islamabad|Lahore|Karachi
PS Betlemme|Bethlehem|Bethléem|Ramallah|Hebron|Nablus|Gerico|Jericho|Jenin|Gerusalemme Est|East Jerusalem
PS Rafah|Tulkarem|Beit Jala|Beit Sahour|Khan Younis|Qalqilya
PY Asunción
RS Belgrado|Belgrade|Kragujevac|Kraljevo|Novi Sad
RW Kigali|Butare
SD Khartoum|Khartum|Darfur|Port Sudan|Kassala|Gedaref
SN Dakar|Saint-Louis du Sénégal|Thiès|Ziguinchor|Casamance|Louga|Tambacounda|Kaolack|Pikine|Guédiawaye
SO Mogadiscio|Mogadishu|Hargeisa
SS Juba|Rumbek
ST São Tomé e Príncipe
SV San Salvador
SY Damasco|Aleppo|Homs|Damascus|Rojava|Kobane
TD N'Djamena|Ndjamena|Moundou
TG Lomé
TN Tunisi|Tunis|Sfax|Cartagine|Carthage|Sousse|Kairouan|Gafsa|Médenine|Tataouine|Gabès|Djerba|Zarzis
TN Bizerte|Kasserine|Jendouba|Mahdia|Nabeul
TR Gaziantep|Diyarbakır|Şanlıurfa
TZ Dar es Salaam|Dodoma|Iringa|Mwanza|Arusha|Njombe|Morogoro
UA Kiew|Kiev|Kyiv|Leopoli|Lviv|Odessa|Kharkiv|Mykolaïv
UG Kampala|Gulu|Karamoja|Moroto|Entebbe
UY Montevideo
VE Caracas
VN Hanoi|Ho Chi Minh
XK Pristina|Prishtina|Prizren|Mitrovica|Peja
ZA Johannesburg|Città del Capo|Cape Town|Soweto|Durban|Pretoria
ZM Lusaka|Ndola|Chirundu|Kafue
ZW Harare|Bulawayo
"""
