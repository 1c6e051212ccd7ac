package secrets

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/text"
)

// A strength is how surely the words around a value say that it is a secret.
type strength int

const (
	weak   strength = iota // "password: …" in a sentence: the value must look like one
	strong                 // DB_PASSWORD=…, "password": "…": any value that is not a word for one
)

// isSecret judges a value that stands where a password or token is expected.
func isSecret(value string, k kind, how strength) bool {
	if utf8.RuneCountInString(value) < shortest(k, how) || isReference(value) || isMasked(value) || isExample(value) || isWord(value) || isPath(value) || isProse(value) || isJoined(value) {
		return false
	}
	if k == token && (strings.Contains(value, ": ") || sentence().MatchString(value)) {
		return false
	}
	mixed := mixes(value)
	switch {
	case isAmount(value):
		return k == password && how == strong && len(value) >= 6 && !strings.ContainsAny(value, ".:-,")
	case k == password && how == strong:
		return true
	case isName(value):
		return k == password && mixed && !identifier().MatchString(value) && !strings.ContainsAny(value, "-_./")
	case how == strong:
		return mixed || len(value) >= 20
	}
	return mixed
}

func shortest(k kind, how strength) int {
	switch {
	case k == token:
		return 8
	case how == strong:
		return 4
	}
	return 6
}

// isProse reports whether a value is words: some in a script without capitals, or a
// command with its arguments.
func isProse(value string) bool {
	for _, r := range value {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
			return true
		}
	}
	first, rest, ok := strings.Cut(value, " ")
	if strings.HasPrefix(rest, "-") || strings.Contains(rest, " -") {
		return true
	}
	return ok && strings.TrimFunc(first, unicode.IsLower) == "" && !mixes(strings.ReplaceAll(rest, " ", ""))
}

// sentence matches words of which the first alone has a capital, as a message has them and
// no program makes: "Read-only file system (os error 30)".
var sentence = text.Pattern(`^\p{Lu}[\p{Ll}'-]+[,:]?(?: \(?(?:[\p{Ll}'-]+|\d{1,4})[),.:;!]{0,2}){3,}$`)

// joint begins what stands between two texts of a program: 'token ' + os.environ['KEY'].
var joint = text.Pattern(`^[ \t]+(?:\+|\.{1,2}|&|\|\||,|%)[ \t]+[\w$@(]`)

func isJoined(value string) bool { return joint().MatchString(value) }

// References begin with, or hold, one of these.
var (
	reference = text.Pattern(`^(?:[$<@&!(\[{=]|\\\$|%[\w.-]+%$|[a-z-]{2,20}://|projects/[\w-]+/secrets|[a-z][\w-]*(?:/[\w.-]+){2,}#\w+$|(?:vault|ssm|arn|env|file|ref|kms|secretsmanager|sops):|(?:enc|env)[\[.(]|process\.env|os\.|getenv|system\.|(?:var|local|data|module|secrets?|vars|each|self|inputs?|params?|config|settings|github|steps|this|values|args|opts|options|ctx|resource)[.\[]\w)`)
	call      = text.Pattern(`\w\(|<[\w -]+>`)
	dotted    = text.Pattern(`^[a-z_]+(?:\.[a-z_]\w*)+$`)
	inside    = []string{"${", "$(", "{{", "}}", "...", "…", "()"}
)

// isReference reports whether a value says where the secret is.
func isReference(value string) bool {
	value = strings.Trim(value, `'"`)
	return holdsAny(value, inside) || reference().MatchString(strings.ToLower(value)) || strings.ContainsAny(value, "(<") && call().MatchString(value) || strings.Contains(value, ".") && dotted().MatchString(value)
}

func holdsAny(value string, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(value, s) })
}

var blackened = []string{"***", "xxxx", "••", "█", "▇", "●●", "...", "…", "‹", "redact", "removed", "masked", "hidden", "censored", "geschwärzt", "scrubbed", "sanitized", "filtered", "____", "----", "###"}

// isMasked reports whether somebody has taken the secret out already.
func isMasked(value string) bool {
	if value == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(value)
	return holdsAny(strings.ToLower(value), blackened) || strings.Trim(value, string(first)) == ""
}

var (
	inExamples = []string{"example", "sample", "dummy", "placeholder", "changeme", "change-me", "change_me", "changeit", "replace-", "replaceme", "replace_", "your-", "your_", "-here", "_here", "fake",
		"not-a-", "not_a_", "notreal", "foobar", "lorem", "test-only", "test-token", "test-secret", "test_secret", "test-password", "mysecret", "mypassword", "my-secret", "my_secret", "my-password", "my-token", "my_token", "dein_", "dein-", "deinpass", "meinpass", "ihr_pass", "ihr-pass", "votre_", "votre-", "tu_contra", "tu-contra"}
	counted = text.Pattern(`^(?:1234?5?6?7?8?9?0?|abc(?:123|def)?\w{0,3}|secret\d*|p(?:ass|w)(?:word)?|passwort|geheim)$`)
)

// documented are the tokens that the documentation of services shows.
var documented = []string{
	"SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", // jwt.io
	"eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI",
	"4eC39HqLyjWDarjtT1zdp7dc", "BQokikJOvBiI2HlWgH4olfQ2", "26PHem9AhJZvU623DfE1x4sd", // Stripe
	"QWxhZGRpbjpvcGVuIHNlc2FtZQ", "dXNlcjpwYXNz", "dXNlcm5hbWU6cGFzc3dvcmQ", "YWxhZGRpbjpvcGVuc2VzYW1l", // Aladdin, RFC 7617
	"mF_9.B5f-4.1JqM", "2YotnFZFEjr1zCsicMWpAA", "tGzv3JOkF0XG5Qx2TlKWIA", "czZCaGRSa3F0MzpnWDFmQmF0M2JW", // RFC 6749 and 6750
	"JBSWY3DPEHPK3PXP", // one-time passwords
}

// isExample reports whether a value is one that documentation shows.
func isExample(value string) bool {
	if holdsAny(value, documented) {
		return true
	}
	if len(value) >= 200 { // the words come by chance in long ones
		return false
	}
	value = strings.ToLower(value)
	return holdsAny(value, inExamples) || counted().MatchString(value)
}

// words are what is said of secrets instead of them.
var words = set(`true false null nil none no yes on off ok unset undefined empty blank missing required optional invalid valid expired expire expires
	incorrect wrong unchanged changed rotate rotated rotation reset renewed revoked update updated create created generated random unknown default
	same new old set todo tbd n/a na see ask from in the a an is was not string text prompt str password passwort passwd passphrase secret token
	bearer basic value auth authentication authorization credential credentials oauth oauth2 saml saml2 oidc ldap mtls md5 bcrypt scrypt pbkdf2
	argon2 argon2i argon2id base64 base32 utf8 utf-8 hex rsa ed25519 aes aes-128 aes-256 hs256 rs256 es256 sha1 sha-1 sha256 sha-256 sha512 sha-512
	jwt jwks otp totp 2fa mfa sso plain opaque encrypted hashed failed failure success passed accepted rejected denied pending present available
	fail passing hashing contraseña
	disabled enabled stored internal external manual auto automatic`)

// isWord reports whether a value is a word about secrets and no secret.
func isWord(value string) bool { return words[strings.ToLower(strings.TrimRight(value, "!?.,;:"))] }

var amount = text.Pattern(`(?i)^[vr<>~≈±+-]?\d+(?:[.,:/T_-]\d+)*(?:ms|s|m|h|d|w|min|sec|hours?|days?|[kmg]i?b|%|z|x|st|nd|rd|th)?$|^\d{4}-\d\d-\d\d\w*|^v?\d+\.\d+[\w.+-]*$`)

// isAmount reports whether a value is a number, a version or a time.
func isAmount(value string) bool {
	return strings.IndexByte("0123456789vrVR<>~+-\xe2\xc2", value[0]) >= 0 && amount().MatchString(value)
}

// The first of these are time zones.
var path = text.Pattern(`^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z][A-Za-z_-]+(?:/[A-Z][A-Za-z_]+)?$|^Etc/[A-Z]{3}(?:[+-]\d\d?)?$|^(?:~|\.{1,2})?(?:/[\w.@ -]+)+/?$|^[A-Za-z]:\\|^[\w.-]+/(?:[\w.-]+/)*[\w-]+\.[a-z]{2,5}$|^[\w-]+\.(?:txt|ya?ml|json|pem|crt|key|env|sh|md|toml|ini|conf|go|py|js|ts|rb|java|sql|gpg|age|kdbx|html?|php)$`)

// isPath reports whether a value is a file's name. The base64 of a key may begin with
// a slash, and has capitals among digits.
func isPath(value string) bool {
	return strings.ContainsAny(value, `/\.`) && path().MatchString(value) && !(len(value) >= 32 && !strings.HasPrefix(value[1:], "/") && strings.Count(value, "/") < 3 && mixes(value) && strings.ToLower(value) != value && !strings.Contains(value, "."))
}

// identifier matches what programs are made of: requireAdmin, AccessToken.
var identifier = text.Pattern(`^[A-Za-z][a-z]{2,}(?:[A-Z][a-z]{2,})+$`)

var name = text.Pattern(`^(?:[A-Za-z]+\d{0,3}|\d{1,4}|v\d+|k8s|s3|ec2|oauth2|i18n|x509|p12)(?:[-_./:@ ](?:[A-Za-z]+\d{0,3}|\d{1,4}|v\d+|k8s|s3|ec2|oauth2|i18n|x509|p12))*$`)

// isName reports whether a value is made of words, as the names of secrets are.
func isName(value string) bool {
	return identifier().MatchString(value) || name().MatchString(value) && (strings.ToLower(value) == value || strings.ToUpper(value) == value || strings.ContainsAny(value, "-_./") || !mixes(value))
}

// mixes reports whether a text has letters together with digits, with signs among them,
// or large among small ones, as passwords have.
func mixes(value string) bool {
	var letter, digit, sign, upper, lower bool
	inner := strings.TrimRight(value, ".,;:!?)")
	for _, r := range inner {
		switch {
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsUpper(r):
			letter, upper = true, true
		case unicode.IsLetter(r):
			letter, lower = true, true
		case strings.ContainsRune("!#%&*+=?@^~$§", r):
			sign = true
		}
	}
	if letter && (digit || sign) {
		return true
	}
	long := len(inner) >= 16 && strings.IndexFunc(inner[1:], unicode.IsUpper) >= 0 || len(inner) >= 10 && len(humps().FindAllString(inner, 4)) == 4
	return upper && lower && long && !strings.ContainsAny(inner, "-./")
}

var humps = text.Pattern(`\p{Ll}\p{Lu}`)

var digest = text.Pattern(`(?i)^(?:[0-9a-f]{7,128}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:sha\d+|md5)[-:].*)$`)

// isDigest reports whether a value has the form of a digest, a commit or an id.
func isDigest(value string) bool { return digest().MatchString(strings.Trim(value, `"'`)) }

// decodesToLogin reports whether a value is the base64 of "user:password".
func decodesToLogin(value string) bool {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(value, "="))
	user, pass, ok := strings.Cut(string(plain), ":")
	return err == nil && ok && utf8.Valid(plain) && user+pass != "" && strings.IndexFunc(string(plain), unicode.IsControl) < 0 && pass != ""
}
