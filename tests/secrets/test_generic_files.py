"""Kinds of files that hold credentials on developers' machines and servers: each is found in its own syntax."""

from __future__ import annotations

import base64

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.policy.settings import Settings
from secops_hooks.secrets import generic

HUMAN = "Blau" + "wal" + "77"  # the kind of password that people choose
MACHINE = "q7Rx2m" + "Zk9Tw4" + "Lpv8Nd"
HEX = "5f3a9c1e7b2d4860" + "a9c3e5f7b1d20846"
BASIC = base64.b64encode(f"deploy:{HUMAN}".encode()).decode()
UUID = "3f6c1a2e-" + "9b47-4d15-" + "8e02-" + "c7d9a1b5f360"
CRYPT = "$6$" + "x7Qp2mZk" + "$" + "Tw4Lpq9RbVn3cXs8dFg6h" * 4 + "Ab"
BCRYPT = "$2y$10$" + "x7Qp2mZkTw4Lpq9RbVn3cX" + "s8dFg6hJ1kLmN0oPqRsTuVwXyZaBcDe"


def find(path: str, text: str) -> list[Finding]:
    return list(generic.find(File(Source.from_text(path, text), detect(path, text)), MemoryTree({path: text}), None, ()))


FILES = {
    ".netrc": ("machine api.internal login deploy password {H}\n", "{H}"),
    ".netrc#lines": ("machine api.internal\n  login deploy\n  password {H}\n", "{H}"),
    ".npmrc": ("//registry.internal/:_authToken={M}\n", "{M}"),
    ".npmrc#auth": ("_auth={B}\nemail=a@b.internal\n", "{B}"),
    ".npmrc#password": ("//registry.internal/:_password={B}\n", "{B}"),
    ".pgpass": ("db.internal:5432:app:deploy:{H}\n", "{H}"),
    "filezilla/filezilla.xml": ('<Server><Host>h</Host><User>u</User><Pass encoding="base64">{B}</Pass></Server>\n', "{B}"),
    "filezilla/recentservers.xml": ("<Server><Host>h</Host><User>u</User><Pass>{H}</Pass></Server>\n", "{H}"),
    "sftp-config.json": ('{{\n  // settings\n  "user": "deploy",\n  "password": "{H}"\n}}\n', "{H}"),
    ".git-credentials": ("https://deploy:{M}@git.internal\n", "{M}"),
    ".config/hub": ("git.internal:\n- user: deploy\n  oauth_token: {X}\n", "{X}"),
    ".bash_profile": ("export PATH\nexport MAIL_API_KEY={M}\nexport DB_PASSWORD='{H}'\n", "{H}"),
    ".idea/WebServers.xml": ('<fileTransfer host="h" password="{X}" username="u" />\n', "{X}"),
    ".dbeaver/data-sources.xml": ('<connection host="h" user="u" password="{B}" type="dev"/>\n', "{B}"),
    "robomongo.json": ('{{"credentials": [{{"userName": "u", "userPassword": "{H}"}}]}}\n', "{H}"),
    "mongoid.yml": ("production:\n  sessions:\n    default:\n      username: u\n      password: {H}\n", "{H}"),
    ".esmtprc": ('identity me@x.internal\nhostname mail.internal:587\nusername "me"\npassword "{H}"\n', "{H}"),
    ".msmtprc": ("account default\nhost mail.internal\nuser me\npassword {H}\n", "{H}"),
    ".remote-sync.json": ('{{"username":"u","password":"{H}"}}\n', "{H}"),
    ".ftpconfig": ('{{"user": "u", "pass": "{H}", "promptForPass": false}}\n', "{H}"),
    "deployment-config.json": ('{{"username": "u", "password": "{H}"}}\n', "{H}"),
    "etc/proftpdpasswd": ("deploy:{C}:1001:1001::/srv:/bin/false\n", "{C}"),
    "etc/shadow": ("root:{C}:17000:0:99999:7:::\n", "{C}"),
    ".htpasswd": ("deploy:{Y}\n", "{Y}"),
    "ventrilo_srv.ini": ("[Server]\nName=a\nAdminPassword={H}\n", "{H}"),
    ".s3cfg": ("[default]\naccess_key = x\nsecret_key = {M}{M}\n", "{M}{M}"),
    "web/crm.js": ("conn.login('deploy@x.internal', '{M}', function(err) {{}});\n", "{M}"),
    "web/.env": ("NODE_ENV=production\nDB_PASSWORD={H}\n", "{H}"),
    "heroku.json": ('{{"API_KEY": "{U}"}}\n', "{U}"),
    "config.php": ("<?php\n$dbuser = 'u';\n$dbpasswd = '{H}';\n", "{H}"),
    "wp-config.php": ("<?php\ndefine( 'DB_PASSWORD', '{H}' );\n", "{H}"),
    "LocalSettings.php": ('<?php\n$wgDBpassword = "{H}";\n', "{H}"),
    ".dockercfg": ('{{"https://r.internal/v1/": {{"auth": "{B}", "email": "a@b.internal"}}}}\n', "{B}"),
    ".docker/config.json": ('{{"auths": {{"r.internal": {{"auth": "{B}"}}}}}}\n', "{B}"),
    ".mozilla/firefox/logins.json": ('{{"logins":[{{"hostname":"h","encryptedUsername":"M{B}","encryptedPassword":"M{B}"}}]}}\n', "M{B}"),
    ".purple/accounts.xml": ("<account><name>u</name><password>{H}</password></account>\n", "{H}"),
    ".irssi/config": ('servers = (\n  {{ address = "h"; password = "{H}"; }}\n);\n', "{H}"),
    "config/secrets.yml": ("production:\n  secret_key_base: {X}\n", "{X}"),
    ".tugboat": ("authentication:\n  client_key: {X}\n  api_key: {X}\n", "{X}"),
    ".pypirc": ("[pypi]\nusername: u\npassword: {H}\n", "{H}"),
    ".my.cnf": ("[client]\nuser=root\npassword={H}\n", "{H}"),
    "config/database.yml": ("production:\n  adapter: mysql2\n  password: {H}\n", "{H}"),
    ".aws/credentials": ("[default]\naws_secret_access_key = {M}{M}\n", "{M}{M}"),
    "tomcat-users.xml": ('<tomcat-users><user username="a" password="{H}" roles="manager"/></tomcat-users>\n', "{H}"),
    "web.config": ('<add name="d" connectionString="Server=h;Database=d;User Id=u;Password={H};" />\n', "{H}"),
    "appsettings.json": ('{{"ConnectionStrings": {{"d": "Server=h;User Id=u;Password={H};Encrypt=true"}}}}\n', "{H}"),
    "settings.xml": ("<servers><server><id>r</id><username>u</username><password>{H}</password></server></servers>\n", "{H}"),
    "gradle.properties": ("signing.password={H}\n", "{H}"),
    ".cargo/credentials.toml": ('[registry]\ntoken = "{M}"\n', "{M}"),
    "wifi/wpa_supplicant.conf": ('network={{\n  ssid="a"\n  psk="{M}"\n}}\n', "{M}"),
    "redis.conf": ("bind 127.0.0.1\nrequirepass {H}\n", "{H}"),
    "etc/openvpn/auth.txt#conf": ("curl --user deploy:{H} https://h.internal/\n", "{H}"),
    "dump.sql": ("INSERT INTO `users` VALUES (1,'admin','{Y}','2020-01-01');\n", "{Y}"),
    "grant.sql": ("CREATE USER 'app'@'%' IDENTIFIED BY '{H}';\n", "{H}"),
    "role.sql": ("CREATE ROLE app LOGIN PASSWORD '{H}';\n", "{H}"),
    "kube/config": ("apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: {M}{M}\n", "{M}{M}"),
    "hosts.ini": ("[web]\nh1 ansible_user=root ansible_ssh_pass={H}\n", "{H}"),
    "run.sh": ("mysql -u root -p{H} app < dump.sql\n", "{H}"),
    "run2.sh": ("sshpass -p '{H}' ssh root@h\n", "{H}"),
    "run3.sh": ("docker login -u ci -p {H} r.internal\n", "{H}"),
    "run.ps1": ("$p = ConvertTo-SecureString '{H}' -AsPlainText -Force\n", "{H}"),
    "rdp/a.rdp": ("username:s:u\npassword 51:b:{X}{X}\n", "{X}{X}"),
    "jenkins/credentials.xml": ("<c><username>u</username><password>{H}</password></c>\n", "{H}"),
    "db.py": ('conn = psycopg2.connect(host="h", user="u", password="{H}")\n', "{H}"),
    "db2.py": ('conn = pymysql.connect("h.internal", "root", "{H}", "app")\n', "{H}"),
    "db.php": ("<?php\n$c = mysqli_connect('h.internal', 'root', '{H}', 'app');\n", "{H}"),
    "auth.py": ("r = requests.get(u, auth=('deploy', '{H}'))\n", "{H}"),
    "Auth.java": ('DriverManager.getConnection("jdbc:mysql://h/app", "root", "{H}");\n', "{H}"),
    "jdbc.java": ('String url = "jdbc:mysql://h:3306/app?user=u&password={H}";\n', "{H}"),
    "client.go": ('req.SetBasicAuth("deploy", "{H}")\n', "{H}"),
    "values.tfvars": ('db_password = "{H}"\n', "{H}"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_credential_is_found_where_it_stands(name: str) -> None:
    template, mark = FILES[name]
    values = {"H": HUMAN, "M": MACHINE, "X": HEX, "B": BASIC, "U": UUID, "C": CRYPT, "Y": BCRYPT}
    path, text, secret = name.partition("#")[0], template.format(**values), mark.format(**values)
    source = Source.from_text(path, text)
    found = [f for f in find(path, text) if f.tier != "audit"]
    at = text.rindex(secret)
    assert source.span(at, at + len(secret)) in [f.span for f in found], [(f.rule.id, f.span, f.tier) for f in found]
    assert not any(secret in f.message or secret in f.subject for f in found)


def test_a_file_is_not_parsed_for_what_nobody_will_see() -> None:
    """Where a finding stands in a document matters only if it is shown; what is shown is the same either way."""
    text = "list_api_key: request\ntable_password: index\ndatabase:\n  password: {H}\n".replace("{H}", HUMAN)
    shown = {}
    for tier in ("warn", "audit"):
        file = File(Source.from_text("a/app.yaml", text), detect("a/app.yaml", text))
        found = list(generic.find(file, MemoryTree({"a/app.yaml": text}), Settings(tier=tier), ()))
        shown[tier] = [each for each in found if each.tier != "audit"]
    assert shown["warn"] == shown["audit"] != []
    quiet = text.partition("database")[0]
    file = File(Source.from_text("a/app.yaml", quiet), detect("a/app.yaml", quiet))
    found = list(generic.find(file, MemoryTree({"a/app.yaml": quiet}), Settings(tier="warn"), ()))
    assert [each.key_path for each in found if each.tier == "audit"] == [""]
