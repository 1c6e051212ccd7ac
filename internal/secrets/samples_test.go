package secrets

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
)

// Samples are made when the tests run, so that no scanner finds tokens in this file.
// The first halves are those that the rules were written by; the second halves were
// written afterwards, and only measure.

type sample struct {
	text   string
	secret []string // what no reader may see; none in a harmless text
}

type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 1))} }

func (m maker) of(n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[m.IntN(len(alphabet))]
	}
	b[n/2] = alphabet[len(alphabet)-1] // a digit in each
	return string(b)
}

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits       = "0123456789"
)

func (m maker) alnum(n int) string { return m.of(n, lowerLetters+upperLetters+digits) }
func (m maker) hex(n int) string   { return m.of(n, "abcdef"+digits) }
func (m maker) lower(n int) string { return m.of(n, lowerLetters+digits) }
func (m maker) upper(n int) string { return m.of(n, upperLetters+"234567") }
func (m maker) num(n int) string   { return m.of(n, "123456789") }

func (m maker) b64(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	return base64.StdEncoding.EncodeToString(b)
}

// word is a password as people make them: "Korbel47!tam".
func (m maker) word() string {
	syllable := func() string {
		return m.of(1, "bdfgklmnprstvz") + m.of(1, "aeiou") + m.of(1, "lmnrst")
	}
	s := syllable() + syllable()
	return strings.ToUpper(s[:1]) + s[1:] + m.num(2) + m.of(1, "!#%+=") + syllable()
}

func (m maker) uuid() string {
	return m.hex(8) + "-" + m.hex(4) + "-4" + m.hex(3) + "-a" + m.hex(3) + "-" + m.hex(12)
}

func (m maker) jwt() string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(`{"alg":"RS256","kid":"`+m.alnum(8)+`"}`) + "." + part(`{"iss":"https://id.harbour.test","sub":"`+m.alnum(12)+`","exp":1767225600}`) + "." + strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(m.b64(64))
}

func (m maker) pem(kind, prefix string, lines int) (text string, body []string) {
	text = prefix + "-----BEGIN " + kind + "-----\n"
	for range lines {
		line := m.b64(48)
		body = append(body, line)
		text += prefix + line + "\n"
	}
	return text + prefix + "-----END " + kind + "-----", body
}

// with makes a sample of a text in which § stands for the secret.
func with(text, secret string) sample {
	return sample{strings.ReplaceAll(text, "§", secret), []string{secret}}
}

func tuningSecrets() []sample {
	m := newMaker(1)
	key, body := m.pem("RSA PRIVATE KEY", "", 8)
	quotedKey, quotedBody := m.pem("OPENSSH PRIVATE KEY", "> ", 6)
	return []sample{
		with("Then `git clone https://§@github.com/harbour/api` worked.", "ghp_"+m.alnum(36)),
		with("export GITHUB_TOKEN=§\n", "gho_"+m.alnum(36)),
		with("- [x] runner registered with `--token §` (10:22)", "glrt-"+m.alnum(20)),
		with("GitLab: glpat- key is §.\n", "glpat-"+m.alnum(20)),
		with("aws_access_key_id = §\n", "AKIA"+m.upper(16)),
		with("    aws_secret_access_key = §\n", m.b64(30)),
		with("| Slack bot | `§` |\n", "xoxb-"+m.num(12)+"-"+m.num(12)+"-"+m.alnum(24)),
		with("curl -X POST https://hooks.slack.com/services/T0"+m.upper(8)+"/B0"+m.upper(8)+"/§ -d '{}'", m.alnum(24)),
		with("STRIPE_SECRET=§", "sk_live_"+m.alnum(24)),
		with("//registry.npmjs.org/:_authToken=§\n", "npm_"+m.lower(36)),
		with("Maps broke because of key=§ (restricted to the old host)", "AIza"+m.alnum(35)),
		with("Authorization: Bearer §\n", m.jwt()),
		with("the id token was §\n", m.jwt()),
		{"```\n" + key + "\n```\n", body},
		{"Ada wrote:\n" + quotedKey + "\n> please keep it\n", quotedBody},
		with("DB_PASSWORD=§\n", m.word()),
		with("$ PGPASSWORD=§ psql -h db1 -U shop", m.word()),
		with("PGPASSWORD='§' pg_dump shop > /backup/shop.sql", m.word()),
		with("postgres://shop:§@db1.internal:5432/shop?sslmode=require", m.word()),
		with("amqp://worker:§@mq.internal/%2f was refused", m.alnum(16)),
		with("REDIS_URL=redis://:§@cache:6379/0", m.alnum(20)),
		with("curl -u ada:§ https://nexus.internal/service/rest/v1/status", m.word()),
		with("curl -s --user 'deploy:§' https://ci.internal/job/api/build", m.alnum(14)),
		with("mysql -h db2 -ushop -p§ shop < fix.sql", m.word()),
		with("sshpass -p '§' ssh ada@web3 uptime", m.word()),
		with("docker login -u ci -p § registry.internal", m.alnum(22)),
		with("Authorization: Basic §", base64.StdEncoding.EncodeToString([]byte("ada:"+m.word()))),
		with("< Set-Cookie: sid=§; Path=/; HttpOnly", m.alnum(32)),
		with("-H 'Cookie: theme=dark; session=§'", m.b64(24)),
		with("client_secret: \"§\"", m.alnum(32)),
		with("Server=tcp:shop.database.windows.net,1433;Database=shop;User ID=ada;Password=§;Encrypt=True", m.word()),
		with("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=§;EndpointSuffix=core.windows.net", m.b64(64)),
		with("machine nexus.internal login deploy password §\n", m.word()),
		with("{\"user\":\"ada\",\"password\":\"§\"}", m.word()),
		with("```json\n{\n  \"apiKey\": \"§\"\n}\n```", m.alnum(32)),
		with("password: §\n", m.word()),
		with("We set the password to a new one; the old password was §, which leaked.", m.word()),
		with("Passwort: §\n", m.word()),
		with("Le mot de passe est « demandé » ; mot de passe : §", m.word()),
		with("---\ntitle: Release 4\ndb_password: §\n---\n", m.word()),
		with("  - name: SMTP_PASSWORD\n    value: \"§\"\n", m.word()),
		with("kubectl create secret generic shop --from-literal=dsn=§", m.word()),
		with("apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  dsn: §\ntype: Opaque\n", base64.StdEncoding.EncodeToString([]byte(m.word()))),
		with("ALTER USER shop IDENTIFIED BY '§';", m.word()),
		with("X-Api-Key: §\n", m.hex(32)),
		with("https://shop.blob.core.windows.net/b/dump.sql?sv=2023-11-03&sr=b&sig=§", strings.ReplaceAll(m.b64(30), "=", "%3D")),
		with("SENDGRID_API_KEY: SG."+m.alnum(22)+".§", m.alnum(43)),
		with("redis-cli -h cache -a § ping", m.alnum(18)),
		with("vault login §", "hvs."+m.alnum(92)),
		with("GET /export?access_token=§&format=csv 200", m.alnum(40)),
	}
}

func tuningHarmless() []sample {
	m := newMaker(2)
	var all []sample
	for _, text := range []string{
		"Rotated the database password; it is in the vault now.",
		"password: rotated yesterday by Ada",
		"Password: ask Ada",
		"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
		"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
		"DB_PASSWORD=****",
		"password: ********",
		"token=<redacted>",
		"Authorization: Bearer [REDACTED]",
		"api_key: xxxxxxxxxxxxxxxxxxxxxxxx",
		"export DB_PASSWORD=$(pass show db/shop)",
		"export TOKEN=\"$GITHUB_TOKEN\"",
		"PGPASSWORD=${PGPASSWORD} psql",
		"password: {{ .Values.db.password }}",
		"password: vault:secret/data/shop#password",
		"      secretKeyRef:\n        name: shop-db\n        key: password",
		"secretName: shop-tls-2024",
		"image: registry.internal/shop@sha256:" + m.hex(64),
		"Deployed commit " + m.hex(40),
		"\"integrity\": \"sha512-" + m.b64(64) + "\"",
		"Request id " + m.uuid() + " failed",
		"trace_id=" + m.hex(32) + " span_id=" + m.hex(16),
		"Tokens per minute: 1200",
		"token expiry: 3600s",
		"max_tokens=4096",
		"The API key: see 1Password, item “shop prod”",
		"`kubectl get secret shop-db -o yaml`",
		"docker login -u ci --password-stdin registry.internal",
		"curl -u \"$USER:$PASS\" https://nexus.internal",
		"mysql -u root -p shop",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + m.alnum(43) + " ada@laptop",
		"https://user:password@localhost/db is the form of the address",
		"postgres://shop:$DB_PASSWORD@db1/shop",
		"password_file: /run/secrets/db_password",
		"Set-Cookie: theme=dark; Path=/",
		"Cookie banner was missing on the start page",
		"-----BEGIN CERTIFICATE-----\n" + m.b64(48) + "\n" + m.b64(48) + "\n-----END CERTIFICATE-----",
		"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
		"Basic authentication was switched off",
		"Bearer tokens expire after an hour",
		"secret: [shop-db, shop-mail]",
		"primary_key: order_id_2024",
		"The public key is " + m.hex(64),
		"Datadog monitor 48213377 fired at 10:22",
		"heroku releases:rollback v142",
		"etag: \"" + m.hex(32) + "\"",
		"pass: 212, fail: 0, skipped: 3",
		"password = var.db_password",
		"const token = process.env.TOKEN",
		"GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
		// As they stand in checklists and guides.
		"- Pass `batch_size=20` to the worker, and `--execute` to the command",
		"Require status checks to pass: `test-web`, `check-api`",
		"- Generated configs must pass `nginx -t` first",
		"Verify tests pass: `npm test`",
		"| Template injection | Pass | Jinja2 SandboxedEnvironment |\n| Save | 48px | Pass |\n| \"Start visit\" | 48px | ✅ Pass |",
		"className={ok ? 'pass' : 'fail'}",
		"| `CALLBACK_TOKEN` | Token\n| `AzureAd__CallbackPath` | `/signin` | callback |",
		"1. Generate a new token: `openssl rand -hex 32`",
		"- **SESSION_SECRET**: 32文字以上のランダム文字列",
		"| `OPENAI_API_KEY` | OpenAIから取得 | Production |",
		"パスワードは保存しない（Google OAuth のみ）",
		"- `mongodb-shop-password`: MongoDB user of the shop",
		"psql \"postgresql://admin:ADMIN_PASSWORD@host:5432/shop\"",
		"\"api_key\": \"'$SHOP_API_KEY'\",",
		"1. `openssl rand -base64 32` for each; **Auth Secret** | `openssl rand -base64 32` makes it |",
		"- `arn:aws:secretsmanager:eu-west-2:111122223333:secret:shop/feedback/test/board-60352e`",
		"| **Authentication** | `authenticateToken` | `requireSuperAdmin` |",
		"- \"PASSWORD\" → \"CONTRASEÑA\"",
		"- Password hashing with bcrypt (12 rounds)",
		"See `src/hooks/useUnsavedChangesWarning.ts`",
	} {
		all = append(all, sample{text: text})
	}
	return all
}
