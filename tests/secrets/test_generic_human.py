"""Passwords that people choose, where nothing but the place makes them one: settings files, rows of users, tools' options."""

from __future__ import annotations

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.secrets import generic

WORD = "butter" + "fly"  # a word of the dictionary
HUMAN = "Blau" + "wal" + "77"
HASH = "0d107d09f5bbe40c" + "ade3de5c71e9e9b7"
HEX = "5f3a9c1e" + "7b2d"
SALT = "x7}Qp2 mZk(T<w4 L|pq9R>bV n3c;X.s8 dFg6^h"
SCRAMBLED = "A" + "yZ30 eq,w"


def tiers(path: str, text: str) -> list[tuple[str, Finding]]:
    source = Source.from_text(path, text)
    found = generic.find(File(source, detect(path, text)), MemoryTree({path: text}), None, ())
    starts = source.line_starts
    return [(text[starts[f.span.line - 1] + f.span.col - 1 : starts[f.span.end_line - 1] + f.span.end_col - 1], f) for f in found]


FOUND = {
    "wp-config.php": ("<?php\ndefine('DB_PASSWORD', '{}');\n", WORD),
    "wp-config.php#salt": ("<?php\ndefine('AUTH_KEY', '{}');\n", SALT),
    "shop/settings.py": ("DATABASES = {{'default': {{'PASSWORD': '{}'}}}}\n", WORD),
    "configuration.php": ("<?php\nclass JConfig {{ public $password = '{}'; }}\n", WORD),
    ".irssi/config": ('servers = ( {{ address = "h";\n    password = "{}"; }} );\n', WORD),
    "irc.conf": ("autosendcmd = /msg nickserv identify {}; wait\n", HUMAN),
    "settings.xml": ("<servers><server><username>u</username>\n<password>{}</password></server></servers>\n", WORD),
    "accounts.xml": ("<account><name>u</name>\n<password>{}</password></account>\n", WORD),
    "crm.js": ("conn.login('deploy@x.internal', '{}', function (err) {{}});\n", WORD),
    "users.sql": ("INSERT INTO `user` (`login`, `password`, `mail`) VALUES\n('a', '{}', 'a@x.internal');\n", HASH),
    "users.sql#plain": ("INSERT INTO app.users (login, user_password, age) VALUES ('a', '{}', 7), ('b', NULL, lower('X'));\n", HUMAN),
    "users.sql#second": ("INSERT INTO users (login, passwd) VALUES ('it''s', NULL), (now(), '{}');\n", HUMAN),
    "dump.sql": ("CREATE TABLE `u` (\n  `id` int,\n  `password` varchar(64),\n  PRIMARY KEY (`id`)\n);\nINSERT INTO `u` VALUES (1,'{}');\n", HUMAN),
    "grant.sql": ("GRANT ALL ON *.* TO 'a'@'%' IDENTIFIED BY '{}';\n", WORD),
    "a.py": ('parser.add_argument("--password", type=str, default="{}")\n', HUMAN),
    "b.py": ('app_secret = "{}"\n', "super" + "hero42"),
    "c.py": ('auth_token = "{}"\n', HEX),
    "d.py": ('User.objects.create_user("a", "a@x.internal", "{}")\n', HUMAN),
    "e.js": ("jwt.sign(payload, '{}');\n", HUMAN),
    "A.java": ('store.load(in, "{}".toCharArray());\n', HUMAN),
    "a.go": ('db, err := sql.Open("mysql", "root:{}@tcp(db:3306)/app")\n', HUMAN),
    "a.sh": ("htpasswd -cb /etc/x dana {}\n", HUMAN),
    "b.sh": ("ldapsearch -x -D cn=admin -w {} -b dc=x\n", HUMAN),
    "c.sh": ("redis-cli -h r -a {} ping\n", HUMAN),
    "d.sh": ("rabbitmqctl add_user dana {}\n", HUMAN),
    "e.sh": ("openssl enc -aes-256-cbc -k {} -in a\n", HUMAN),
    "f.sh": ("mongodump -u root -p {} --db a\n", HUMAN),
    "a.bat": ("net user dana {} /add\n", HUMAN),
    "b.bat": ("net use z: \\\\h\\s /user:dana {}\n", HUMAN),
    "a.md": ("Log in as `admin` with the password `{}`.\n", HUMAN),
    "filezilla.xml": ('<Setting name="Last Server Pass">{}</Setting>\n', HUMAN),
    "Login.java": ('new UsernamePasswordAuthenticationToken("dana", "{}");\n', HUMAN),
    "Sign.java": ('Jwts.builder().signWith(SignatureAlgorithm.HS512, "{}");\n', HUMAN),
    "Key.cs": ('new SymmetricSecurityKey(Encoding.UTF8.GetBytes("{}"));\n', HUMAN),
    "cipher.py": ('AES.new("{}", AES.MODE_CBC)\n', HUMAN),
    "hex.py": ('AES_KEY = bytes.fromhex("{}")\n', HEX * 3),
    "curl.php": ("<?php\ncurl_setopt($c, CURLOPT_USERPWD, 'dana:{}');\n", HUMAN),
    "ftp.php": ("<?php\nftp_login($c, 'dana', '{}');\n", HUMAN),
    "http.rb": ("http.basic_auth 'dana', '{}'\n", HUMAN),
    "sudo.sh": ('echo "{}" | sudo -S ls\n', HUMAN),
    "azure.sh": ("az login -u dana -p {}\n", HUMAN),
    "section.py": ("config.set('main', 'password', '{}')\n", HUMAN),
    "assert.py": ('self.assertEqual(user.password, "{}")\n', HUMAN),
    "copy.c": ('strcpy(cfg.passwd, "{}");\n', HUMAN),
    "app.gradle": ("buildConfigField 'String' , 'API_KEY' , '\"{}\"'\n", HEX * 3),
    "braces.gradle": ('release {{ storePassword "st0r3-me"; keyPassword "{}" }}\n', HUMAN),
    "phrase.py": ('PASSPHRASE = "{}"\n', "seven quiet" + " herons"),
    "owned.rs": ('let password = String::from("{}");\n', HUMAN),
    "map.clj": ('(def db {{:user "dana" :password "{}"}})\n', HUMAN),
    "sql.bat": ("sqlcmd -S h -U sa -P {} -i a.sql\n", HUMAN),
    "block.yml": ("password: |\n  {}\nother: 1\n", HUMAN),
    "phrase.ini": ("user = dana\npassword = 'seven quiet herons'\n{}".replace("{}", "token_" + "secret = {}\n"), HUMAN),
    ".cvspass": ("/1 :pserver:dana@h.internal:2401/root {}\n", SCRAMBLED),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_people_choose_is_found(name: str) -> None:
    template, secret = FOUND[name]
    found = tiers(name.partition("#")[0], template.format(secret))
    assert secret in [value for value, finding in found if finding.tier != "audit"], found


SILENT = {
    "settings.py": "PASSWORD = os.environ['DB_PASSWORD']\nPASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2']\n",
    "settings.xml": "<server>\n<!-- an example:\n<username>u</username>\n<password>" + WORD + "</password>\n-->\n</server>\n",
    "users.sql": "INSERT INTO users (login, password) VALUES (?, ?);\nINSERT INTO t (title, body) VALUES ('Blauwal 77', 'x');\n",
    "other.sql": "INSERT INTO t SELECT * FROM password;\nINSERT INTO t VALUES (1, 'Blauwal-77');\n",
    "a.sh": 'htpasswd -B /etc/x dana\nredis-cli ping -a $PW\nldapsearch -W -D cn=admin\nuseradd -p "$HASH" dana\n',
    "A.java": '"abc".toCharArray();\nString s = new String(name.toCharArray());\n',
    "out.txt": "--- PASS: TestLogin42 (0.00s)\n",
    "a.js": "jwt.verify(token, process.env.SECRET);\njwt.sign({ id: 1 }, key);\n",
    "a.go": "// for example http://username:" + "p@ssword" + "@search.engine/ is one\n",
    "f.py": "if encrypted == 'x' and not password.starts" + "with('SCRAM-SHA-256'): pass\n",
    "a.html": '<input type="hidden" name="authenticity_token" value="' + "q7Rx2mZk9Tw4Lpv8Nd" + '" />\n',
    "g.py": 'api_key = "a1b2c3d4' + '-e5f6-7890-abcd-ef1234567890"\n',
    "ftp.c": 'server->user = "anonymous";\nserver->pass' + 'word = "busy' + 'box@7";\n',
    "mail.txt": "M[@%]PW:2Z.Q?2M^S;`4G?E0C.@V&?0KY\n",
    "h.py": 'api_secret = "aB1cD2eF3gH4iJ5kL6m' + 'N7oP8qR9sT0uV1wX2yZ3"\ntoken = "CAISuwJ1q6Ft5B2yu9K8q2' + 'o3P4r5S6t7U8v9W0xYz"\n',
    "i.py": 'api_key = "acdeFf05b1a6d4c890' + '237bf08c5e6e8d2b4d0f2e"\n',
    "j.py": 'bitly_token = "20e9817b9c5ddde1b0ce' + 'c7622bfc557dbc82379"\n',
    "k.py": "cipher = AES.new(key, AES.MODE_CBC)\nself.assertEqual(user.password, expected)\nconfig.set('main', 'user', 'Blauwal" + "77')\n",
    "l.py": "password = 'your new code'\npassphrase = 'must match'\n",
    "m.yml": "password: |\n  two lines of\n  running text 77\n",
    "n.sh": 'echo "$PW" | sudo -S ls\naz login -u dana -p "$PW"\n',
    "o.php": "<?php\nftp_login($c, $user, $password);\ncurl_setopt($c, CURLOPT_USERPWD, $user . ':' . $password);\n",
    "p.rst": "salt 'edge" + "01.kix01' state.sls router.users\n",
    "q.sls": "source: salt:" + "//hnlcfsdjhkzkdhynclarkhmcls7\n",
    "r.py": "d = Setting(password=('ansible_ssh" + "_pass9', 'ansible_password'))\n",
    "s.py": '_password = f"*{hashlib.sha1(_p' + 'assword).hexdigest().upper()}"\n',
    "t.py": 'token = "eyJmb28iOiAiYmFy' + 'IiwgIm4iOiAxMjM0NX0="\n',
    "testdata/v.json": '{"nonce": "013887149dbd' + 'bc55d7839b53"}\n',
    "u.yaml": "accessKeySecret: s3-cred" + "entials-v1\n",
    "v.properties": "label.password=Pass" + "wort1\n",
    "e.py": 'secret_name = "super' + 'hero42"\ntoken = "abcabc' + 'abcabc"\n',
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_what_only_looks_so_is_not(name: str) -> None:
    assert [finding for _, finding in tiers(name, SILENT[name]) if finding.tier != "audit"] == []


def test_long_hexadecimal_is_not_repetition() -> None:
    from secops_hooks.secrets.generic.value import repeated

    assert not repeated("".join(f"{(n * n * 7919 + 31 * n) % 256:02x}" for n in range(64)))
    assert repeated("ab" * 64)


def test_what_is_switched_off_or_explained_does_not_stop_the_commit() -> None:
    machine = "q7Rx2m" + "Zk9Tw4" + "Lpv8Nd"
    texts = {
        "cloud.conf": f"# api_key: {machine}\n",
        "a.py": f'"""How to call it.\n{"filler" * 1000}\n    api_key: {machine}\n"""\n',
    }
    for path, text in texts.items():
        assert [finding.tier for _, finding in tiers(path, text)] == ["warn"], path
    assert [finding.tier for _, finding in tiers("cloud.conf", f"api_key: {machine}\n")] == ["block"]


def test_character_model_is_small() -> None:
    from pathlib import Path

    from secops_hooks.secrets.generic import letters

    assert len(letters.TABLE) == 27 * 27 * 26
    assert Path(letters.__file__).stat().st_size < 100_000
