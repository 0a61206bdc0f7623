"""How languages give a name a value: each form is found at the exact value, and its near misses are not."""

from __future__ import annotations

import pytest

from secops_hooks.files.filetype import detect
from secops_hooks.files.source import Source
from secops_hooks.files.tree import MemoryTree
from secops_hooks.finding import Finding
from secops_hooks.parse import File
from secops_hooks.secrets import generic

P = "Blau" + "wal77x"
T = "q7Rx2m" + "Zk9Tw4" + "Lpv8Nd"


def find(path: str, text: str) -> list[Finding]:
    return list(generic.find(File(Source.from_text(path, text), detect(path, text)), MemoryTree({path: text}), None, ()))


FOUND = [
    ("a.py", 'password = "«P»"'), ("a.py", "password: str = '«P»'"), ("a.py", 'PASSWORD = b"«P»"'), ("a.py", 'd["password"] = "«P»"'), ("a.py", "{'password': '«P»'}"),
    ("a.py", 'connect(user="x", password="«P»")'), ("a.py", 'if password == "«P»":'), ("a.py", 'password = os.environ.get("PASSWORD", "«P»")'),
    ("a.py", 'password = os.getenv("PW") or "«P»"'), ("a.py", 'token = (\n    "«T»"\n)'), ("a.py", 'api_key = \\\n    "«T»"'), ("a.py", "# password: «P»"),
    ("a.py", 'client.set_password("«P»")'), ("a.py", 'conf = """\ndb:\n  api_key: «T»\n"""'), ("a.py", 'x = "host=h password=«P» dbname=d"'),
    ("a.js", "const password = '«P»';"), ("a.js", "{ password: '«P»' }"), ("a.js", 'const token = process.env.TOKEN || "«T»";'), ("a.js", "const apiKey = `«T»`;"),
    ("a.js", "axios.get(`https://h/x?access_token=«T»&y=1`)"), ("a.js", "headers: { 'X-Api-Key': '«T»' }"), ("a.js", 'if (user.password === "«P»") {}'),
    ("a.ts", "private readonly password: string = '«P»';"), ("a.ts", "process.env.SECRET ?? '«T»'"),
    ("a.go", 'password := "«P»"'), ("a.go", 'const APIKey = "«T»"'), ("a.go", 'var token string = "«T»"'), ("a.go", 'Password: "«P»",'), ("a.go", "secret := `«T»`"),
    ("A.java", 'private static final String PASSWORD = "«P»";'), ("A.java", 'props.setProperty("db.password", "«P»");'), ("A.java", 'ds.setPassword("«P»");'),
    ("A.java", '@Value("${db.password:«P»}")'), ("A.java", 'if (password.equals("«P»"))'), ("A.java", 'map.put("secret", "«T»");'),
    ("a.kt", 'val password: String = "«P»"'), ("a.scala", 'val apiKey = "«T»"'), ("a.swift", 'let token: String = "«T»"'), ("a.rs", 'let api_key: &str = "«T»";'),
    ("a.rs", "const TOKEN: &'static str = \"«T»\";"), ("a.rb", "password: '«P»'"), ("a.rb", ":password => '«P»'"), ("a.rb", 'ENV.fetch("TOKEN", "«T»")'),
    ("a.php", "$password = '«P»';"), ("a.php", "'password' => '«P»',"), ("a.php", "define('DB_PASSWORD', '«P»');"), ("a.php", "$c['db']['password'] = '«P»';"),
    ("a.php", "'key' => env('APP_SECRET', '«T»'),"), ("a.cs", 'string password = "«P»";'), ("a.cs", 'var t = new Dictionary { { "Password", "«P»" } };'),
    ("a.cs", 'Password = @"«P»"'), ("a.vb", 'Dim password As String = "«P»"'), ("a.c", 'char password[] = "«P»";'), ("a.c", '#define PASSWORD "«P»"'), ("a.cpp", 'std::string token("«T»");'),
    ("a.pl", "$password = '«P»';"), ("a.lua", 'local password = "«P»"'), ("a.gradle", "storePassword '«P»'"), ("a.ps1", '$password = "«P»"'),
    ("a.sql", "ALTER USER app WITH PASSWORD '«P»';"), ("a.sql", "SET PASSWORD = '«P»';"),
    ("a.sh", "export DB_PASSWORD='«P»'"), ("a.sh", "DB_PASSWORD=«P»"), ("a.sh", "tool --password «P» run"), ("a.sh", 'tool --api-key="«T»"'), ("a.sh", "PGPASSWORD=«P» psql -h h"),
    ("a.sh", ': "${TOKEN:=«T»}"'), ("a.bat", "set PASSWORD=«P»"), ("Makefile", "TOKEN ?= «T»"), ("Dockerfile", "FROM a\nENV DB_PASSWORD «P»"),
    ("a.yaml", "password: «P»"), ("a.yaml", "password: '«P»'  # of the database"), ("a.yaml", "- api_key: «T»"), ("a.yaml", "args: ['--password', '«P»']"),
    ("a.yaml", "env:\n  - name: DB_PASSWORD\n    value: «P»"), ("a.yaml", "Parameters:\n  DBPassword:\n    Type: String\n    Default: «P»"),
    ("a.json", '{"password": "«P»"}'), ("a.json", '{"name": "DB_PASSWORD", "value": "«P»"}'), ("a.json", '{"x": "{\\"password\\": \\"«P»\\"}"}'), ("a.json", '{"password":\n  "«P»"}'),
    ("a.ini", "password = «P»"), ("a.ini", "password=«P» ; note"), ("a.properties", "db.password=«P»"), ("a.properties", "db.password: «P»"), ("a.toml", 'token = "«T»"'),
    ("a.tf", 'password = "«P»"'), ("a.tf", 'variable "db_password" {\n  default = "«P»"\n}'),
    ("a.xml", "<password>«P»</password>"), ("a.xml", '<x password="«P»"/>'), ("a.xml", '<property name="password" value="«P»"/>'), ("a.xml", '<entry key="password">«P»</entry>'),
    ("a.xml", "<name>db.password</name>\n<value>«P»</value>"), ("a.xml", "<db:password>«P»</db:password>"), ("a.plist", "<key>Password</key>\n<string>«P»</string>"),
    ("a.config", '<add key="Password" value="«P»" />'), ("a.html", "<a href='x?token=&quot;«T»&quot;'>"), ("a.ipynb", '{"source": ["password = \\"«P»\\"\\n"]}'),
    ("a.md", "    password: «P»"), ("a.md", "`api_key=«T»`"), ("a.txt", "Password: «P»"), ("a.txt", "login admin password is «P»!9"),
]  # fmt: skip
QUIET = [
    ("a.py", 'password = os.environ["P"]'), ("a.py", "password = get_password()"), ("a.py", "password: str"), ("a.py", "def f(password=None): ..."), ("a.py", 'password = ""'),
    ("a.py", 'password = input("Password: ")'), ("a.py", 'token = f"{a}:{b}"'), ("a.py", 'password_field = "P"'), ("a.py", 'PASSWORD_HELP = "P"'), ("a.py", 'parser.add_argument("--password", help="the password")'),
    ("a.py", 'token = Token("identifier")'), ("a.py", 'tokens = ["T"]'), ("a.py", 'raise ValueError("bad password: %s")'), ("a.py", 'assert token.type == "NAME"'), ("a.py", 'form["password"] = password'),
    ("a.py", 'secret = config.get("database", "secret")'), ("a.py", 'MESSAGES = {"password": "Please enter your password"}'), ("a.py", 'url = "https://h/?token=" + token'), ("a.py", "key = 'user:profile:settings'"),
    ("a.js", "const password = req.body.password;"), ("a.js", "password: Joi.string().min(8),"), ("a.js", "token: 'ACCESS_TOKEN_KEY'"), ("a.js", "localStorage.getItem('accessToken')"), ("a.js", "<input type='password' name='password'/>"),
    ("a.js", "password: passwordRef.current.value"), ("a.js", "t('auth.password.label')"), ("a.ts", "password: string;"), ("a.ts", "token?: string | null"), ("a.go", 'Password string `json:"password"`'), ("a.go", 'password := os.Getenv("P")'),
    ("a.go", 'return errors.New("invalid token: expired")'), ("A.java", 'String password = request.getParameter("password");'), ("A.java", '@Column(name = "password")'), ("a.rb", "has_secure_password"), ("a.rb", "params[:password]"),
    ("a.php", "$password = $_POST['password'];"), ("a.c", "char *password = NULL;"), ("a.sh", "DB_PASSWORD=$(cat /run/secrets/db)"), ("a.sh", 'tool --password "$PASSWORD"'), ("a.sh", "read -s password"), ("a.sh", "tool --password-file x"),
    ("a.yaml", "password: ${DB_PASSWORD}"), ("a.yaml", "password: {{ .Values.password }}"), ("a.yaml", "password: !vault |\n  $ANSIBLE_VAULT;1.1\n  616263"), ("a.yaml", "passwordSecretRef:\n  name: db\n  key: password"),
    ("a.yaml", "secretName: tls-main"), ("a.yaml", "password: changeme"), ("a.yaml", "password: <your password>"), ("a.yaml", "tokenUrl: https://h/token"), ("a.yaml", "description: the password of the user"), ("a.yaml", "password:\nuser: x"),
    ("a.json", '{"password": {"type": "string"}}'), ("a.json", '{"type": "password", "label": "Password"}'), ("a.json", '{"integrity": "sha512-T=="}'), ("locales/de.json", '{"password": "Kennwort"}'), ("a.ini", "password ="), ("a.tf", "password = var.password"),
    ("a.tf", 'token = data.vault_secret.x.data["token"]'), ("a.xml", "<password>${db.password}</password>"), ("a.xml", "<password/>"), ("a.md", "The password: see below."), ("a.md", "Set `password` to your own password."), ("a.html", '<label for="password">Password:</label>'),
    ("package-lock.json", '{"resolved": "https://r/a.tgz#T"}'), ("go.sum", "h/m v1.0.0 h1:T="), ("a.css", ".password { color: red }"), ("a.proto", "string password = 1;"), ("a.sql", "password VARCHAR(255) NOT NULL"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "template"), FOUND, ids=[f"{path}-{number}" for number, (path, _) in enumerate(FOUND)])
def test_value_is_found(path: str, template: str) -> None:
    text = template.replace("«P»", f"«{P}»").replace("«T»", f"«{T}»") + "\n"
    start, end = text.index("«"), text.index("»") - 1
    text = text.replace("«", "").replace("»", "")
    source = Source.from_text(path, text)
    found = [f for f in find(path, text) if f.tier != "audit"]
    spans = [f.span for f in found]
    assert any(span[:2] == source.position(start) and span.end_col >= source.position(end)[1] for span in spans), [
        (f.rule.id, f.span) for f in find(path, text)
    ]
    assert len(spans) == 1


@pytest.mark.parametrize(("path", "text"), QUIET, ids=[f"{path}-{number}" for number, (path, _) in enumerate(QUIET)])
def test_near_miss_is_quiet(path: str, text: str) -> None:
    text = (
        text.replace('"P"', f'"{P}"')
        .replace('"T"', f'"{T}"')
        .replace("#T", f"#{T}")
        .replace("h1:T", f"h1:{T}")
        .replace("sha512-T", f"sha512-{T}")
    )
    assert [(f.rule.id, f.span, f.tier) for f in find(path, text + "\n") if f.tier != "audit"] == []
