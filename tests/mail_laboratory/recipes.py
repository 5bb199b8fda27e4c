"""How each server of the laboratory is configured: on loopback alone, in folders of our own, without chroot.

The names are reserved ones. We are example.org, which sends; example.net is where readers have their
mailboxes; whatever is under refusing.example is refused as its local part says.
"""

from pathlib import Path

SMTP_PORT = 2525
PLAIN_PORT = 2526
STARTTLS_PORT = 2587
TLS_PORT = 2465
EXPIRED_PORT = 2466
LMTP_PORT = 2425
REFUSING_PORT = 2426
IMAP_PORT = 2143
IMAPS_PORT = 2993
DKIM_PORT = 8891
DMARC_PORT = 8893
RSPAMD_PORT = 11333
PASSWORD = "laboratory"
NAME = "mx.example.org"
DKIM_SELECTOR = "coopwatch"

MASTER = f"""\
127.0.0.1:{SMTP_PORT} inet n - n - - smtpd
127.0.0.1:{PLAIN_PORT} inet n - n - - smtpd
 -o smtpd_milters=
127.0.0.1:{STARTTLS_PORT} inet n - n - - smtpd
 -o smtpd_tls_security_level=encrypt
 -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{TLS_PORT} inet n - n - - smtpd
 -o smtpd_tls_wrappermode=yes
 -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{EXPIRED_PORT} inet n - n - - smtpd
 -o smtpd_tls_wrappermode=yes
 -o smtpd_tls_chain_files=$expired_chain_file
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


def postfix(folder: Path) -> str:
    """Return main.cf: what cannot be delivered within ten seconds comes back, after a warning.

    The ports with TLS take mail only from who has logged in; Dovecot knows the passwords.
    """
    return f"""\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
myhostname = {NAME}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
recipient_delimiter = +
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_chain_files = {folder.parent}/certificate.pem
expired_chain_file = {folder.parent}/expired.pem
smtpd_tls_auth_only = yes
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder.parent}/dovecot/run/login-for-postfix
smtpd_sasl_authenticated_header = yes
smtpd_milters = inet:127.0.0.1:{DKIM_PORT}, inet:127.0.0.1:{DMARC_PORT}
milter_protocol = 6
milter_default_action = tempfail
default_transport = error:5.1.2 no such domain in the laboratory
transport_maps = inline:{{
 {{ example.org = lmtp:inet:127.0.0.1:{LMTP_PORT} }}
 {{ bounce.example.org = lmtp:inet:127.0.0.1:{LMTP_PORT} }}
 {{ example.net = lmtp:inet:127.0.0.1:{LMTP_PORT} }}
 {{ refusing.example = lmtp:inet:127.0.0.1:{REFUSING_PORT} }} }}
maximal_queue_lifetime = 10s
bounce_queue_lifetime = 10s
delay_warning_time = 3s
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 2s
default_process_limit = 20
"""


def dovecot(folder: Path) -> str:
    """Return dovecot.conf: every name has a mailbox, and +details do not matter for whose it is.

    Nobody waits for having mistaken the password, as tests do on purpose.
    """
    return f"""\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder.parent}/certificate.pem
ssl_key = <{folder.parent}/certificate.pem
disable_plaintext_auth = no
auth_failure_delay = 0
recipient_delimiter = +
lmtp_hdr_delivery_address = original
first_valid_uid = 1
mail_uid = mail
mail_gid = mail
mail_location = maildir:{folder}/mail/%Ld/%Ln
mailbox_list_index = no
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%Ld/%Ln
}}
service imap-login {{
  inet_listener imap {{
    port = {IMAP_PORT}
  }}
  inet_listener imaps {{
    port = {IMAPS_PORT}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener login-for-postfix {{
    mode = 0666
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {LMTP_PORT}
  }}
}}
"""


def opendkim(folder: Path) -> str:
    """Return opendkim.conf: it verifies, and says so in Authentication-Results."""
    return f"""\
Mode v
Socket inet:{DKIM_PORT}@127.0.0.1
AuthservID {NAME}
Nameservers 127.0.0.1
AlwaysAddARHeader yes
InternalHosts {folder}/nobody
Background no
Syslog no
UMask 007
"""


def opendmarc(folder: Path) -> str:
    """Return opendmarc.conf: it asks for SPF itself, and treats us like any stranger."""
    return f"""\
Socket inet:{DMARC_PORT}@127.0.0.1
AuthservID {NAME}
TrustedAuthservIDs {NAME}
SPFSelfValidate true
SPFIgnoreResults true
IgnoreHosts {folder}/nobody
RejectFailures false
Background false
Syslog false
"""


def dnsmasq(dkim_record: str | None) -> list[str]:
    """Return the arguments of dnsmasq, which answers for our names and knows no others.

    In the foreground it answers what comes by TCP in a process of its own; as "no daemon" it would let all
    others wait meanwhile. `dkim_record` is the TXT record of DKIM_SELECTOR at example.org.
    """
    texts = {
        "example.org": "v=spf1 ip4:127.0.0.1 -all",
        "bounce.example.org": "v=spf1 ip4:127.0.0.1 -all",
        NAME: "v=spf1 a -all",
        "_dmarc.example.org": "v=DMARC1; p=reject; aspf=r; adkim=r",
    }
    if dkim_record is not None:
        texts[f"{DKIM_SELECTOR}._domainkey.example.org"] = dkim_record
    hosts = ("example.org", "bounce.example.org", "example.net", "refusing.example", NAME)
    return [
        "--keep-in-foreground",
        "--log-facility=-",
        "--pid-file=",
        "--no-hosts",
        "--no-resolv",
        "--bind-interfaces",
        "--listen-address=127.0.0.1",
        "--port=53",
        "--local=/org/",
        "--local=/net/",
        "--local=/example/",
        "--local=/com/",
        *(f"--address=/{host}/127.0.0.1" for host in hosts),
        *(f"--mx-host={host},{NAME},10" for host in hosts[:4]),
        f"--ptr-record=1.0.0.127.in-addr.arpa,{NAME}",
        *(f"--txt-record={name},{_in_strings(text)}" for name, text in texts.items()),
    ]


def _in_strings(text: str) -> str:
    """Return a TXT record without commas as strings of at most 255 characters (RFC 1035, 3.3.14)."""
    return ",".join(text[start : start + 250] for start in range(0, len(text), 250))


def spamassassin() -> str:
    """Return local.cf: no learning, and no questions to lists on the Internet."""
    return """\
use_bayes 0
skip_rbl_checks 1
use_razor2 0
use_pyzor 0
dns_server 127.0.0.1
dns_available yes
trusted_networks 127.0.0.1
score ALL_TRUSTED 0
report_safe 0
"""


def rspamd() -> dict[str, str]:
    """Return the files of local.d: no learning, and no questions to lists on the Internet."""
    lists = ("rbl.conf", "fuzzy_check.conf", "asn.conf", "greylist.conf", "neural.conf")
    return {
        # Without check_local SPF, DKIM and DMARC are passed over for mail of this machine; hyperscan would
        # compile its rules for most of a minute first.
        "options.inc": 'dns { nameserver = "127.0.0.1"; }\ncheck_local = true;\ndisable_hyperscan = true;\n',
        "logging.inc": 'type = "console";\n',
        "worker-normal.inc": f'bind_socket = "127.0.0.1:{RSPAMD_PORT}";\ncount = 1;\n',
        **dict.fromkeys((*lists, "worker-controller.inc", "worker-proxy.inc"), "enabled = false;\n"),
    }
