"""The finders that remember what they found: a page says the same words in row after row."""

from functools import lru_cache

from scraper.read.fields.countries import find_countries
from scraper.read.fields.namelists import split_names
from scraper.read.fields.programmes import split_programmes
from scraper.read.fields.roles import find_role, role_sentence

_MANY = 2048

names_in = lru_cache(_MANY)(split_names)
programmes_in = lru_cache(_MANY)(split_programmes)
countries_in = lru_cache(_MANY)(find_countries)
role_in = lru_cache(_MANY)(find_role)
role_sentence_in = lru_cache(_MANY)(role_sentence)
