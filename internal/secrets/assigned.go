package secrets

import (
	"bytes"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// A kind is what a key names.
type kind int

const (
	noSecret kind = iota
	token         // a secret that a program made
	password      // one that a person may have made
)

// rule is the name of the kind's rule.
func (k kind) rule() string { return [...]string{"", "token", "password"}[k] }

var kinds = map[string]kind{
	"password": password, "passwd": password, "passwort": password, "pwd": password, "pass": password, "passphrase": password,
	"passcode": password, "kennwort": password, "pw": password, "storepass": password, "keypass": password, "userpassword": password,
	"psk": password, "authtok": password, "authdbdpass": password, "dbpass": password, "dbpw": password, "bindpw": password, "userpass": password, "adminpass": password, "rootpass": password, "pgpassword": password, "pgpass": password, "mypwd": password, "rootpw": password, "wachtwoord": password, "requirepass": password, "masterauth": password,
	"secret": token, "token": token, "apikey": token, "accesskey": token, "secretkey": token, "privatekey": token, "authkey": token,
	"apitoken": token, "authtoken": token, "accesstoken": token, "clientsecret": token, "sharedsecret": token, "accountkey": token,
	"sharedaccesskey": token, "credential": token, "authorization": token, "auth": token, "pat": token, "otp": noSecret, "signature": token, "sig": token,
}

// qualifying are the words that make a key a secret one: a primary key is none.
var qualifying = set(`api access secret private signing encryption encrypt master account shared auth deploy license session storage app
	application hmac service admin root client subscription function functions webhook integration consumer routing ingest write license cookie jwt crypto data vault unseal preshared psk`)

// trailing are the words that may follow in a key: PASSWORD_PROD.
var trailing = set(`base value plain plaintext old new prod production staging stage dev test live root admin db key keys access token secret id text data string env
	primary secondary raw input stdin2 master main backup user default current`)

// harmlessBefore are words that make a key harmless.
var harmlessBefore = set(`public csrf xsrf next page cancel continuation sort no max min num count last pagination publishable forgot reset
	prompt tokens show has is use need needs with without require requires`)

func set(list string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(list) {
		words[w] = true
	}
	return words
}

// foreign are the words for a password that are no part of a key.
var foreign = []string{"mot de passe", "contraseña", "contrasena", "senha", "пароль", "Пароль", "密码", "密碼", "口令", "パスワード", "비밀번호", "lösenord", "hasło", "hasłem",
	"heslo", "parola", "adgangskode", "passord", "şifre", "salasana", "jelszó", "kodeord", "كلمة المرور", "סיסמה", "mật khẩu"}

func ownKeywords() []keyword {
	var all []keyword
	for _, word := range []string{"passw", "pass:", "pass=", "pass\"", "pass'", "pass ", "_pass", "-pass", "passp", "passc", "pwd", "kennwort", "secret", "token", "key", "credential", "requirep", "masterauth",
		"auth\"", "auth ", "_auth", "auth:", "auth=", "pw=", "pw:", "pw ", "wachtwoord", "sig=", "signature=", "pat:", "pat=", "_pat", "psk", "authtok"} {
		all = append(all, keyword{word, (*scan).assigned})
	}
	for _, word := range foreign {
		all = append(all, keyword{word, func(s *scan, at int) { s.value(at, at+len(word), password) }})
	}
	for _, word := range append([]string{"password", "passwort", "kennwort", "pw"}, foreign...) {
		all = append(all, keyword{word + " ", func(s *scan, at int) { s.opens(&openedBy, word, at) }})
	}
	for _, word := range append(people, hints...) {
		needsSign := slices.Contains(people, word)
		all = append(all, keyword{word, func(s *scan, at int) { s.near(at, needsSign) }})
	}
	for _, f := range append(commandForms(), forms...) {
		for _, word := range f.words {
			all = append(all, keyword{word, f.look})
		}
	}
	for _, word := range []string{"|--", "| -", "|:-", "| :"} {
		all = append(all, keyword{word, (*scan).table})
	}
	return append(all, keyword{"insert into", (*scan).inserted}, keyword{"://", (*scan).address}, keyword{"-----begin", (*scan).privateKey}, keyword{"kind:", (*scan).kubernetes}, keyword{"cookie", (*scan).cookie})
}

// longKey is the longest key that is looked at.
const longKey = 80

// assigned looks at a key around a keyword, and at its value.
func (s *scan) assigned(at int) {
	for c := s.source[at]; c == '_' || c == '-'; c = s.source[at] { // "_pass": the key itself follows
		at++
	}
	start, end := at, at
	for start > 0 && at-start < longKey && inKey(s.source[start-1]) {
		start--
	}
	for end < len(s.source) && end-at < longKey && inKey(s.source[end]) {
		end++
	}
	for end > at && (s.source[end-1] == '-' || s.source[end-1] == '.') {
		end--
	}
	if bytes.Contains(s.source[max(start-longKey, 0):start], []byte("arn:aws:secretsmanager:")) { // its name follows
		return
	}
	if k := s.kindOf(start, at, end); k != noSecret && s.first(start, at, end) {
		s.value(start, end, k)
	}
}

func inKey(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '-' || c == '.'
}

// first reports whether no keyword before this one is in the same key, which was looked
// at then. It is only to save time.
func (s *scan) first(start, at, end int) bool {
	if s.lastKey == end {
		return false
	}
	s.lastKey = end
	return true
}

// keyWords splits a key: "dbPassword", "DB_PASSWORD", "db-password".
func keyWords(key string) (words []string) {
	start, lowerBefore := 0, false
	add := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(key[start:end]))
		}
	}
	for i := range len(key) {
		c := key[i]
		switch upper := 'A' <= c && c <= 'Z'; {
		case c == '_' || c == '-' || c == '.':
			add(i)
			start, lowerBefore = i+1, false
			continue
		case upper && lowerBefore:
			add(i)
			start = i
		}
		lowerBefore = 'a' <= c && c <= 'z' || isDigit(c)
	}
	add(len(key))
	return words
}

// kindOf tells what a key names.
func (s *scan) kindOf(start, at, end int) kind {
	words := keyWords(string(s.source[start:end]))
	last := len(words) - 1
	for last > 0 && (trailing[words[last]] || isNumber(words[last])) && !knows(words, last) {
		last--
	}
	if last < 0 {
		return noSecret
	}
	for _, w := range words[:last] {
		if harmlessBefore[w] {
			return noSecret
		}
	}
	k, bare := kindOfWord(words[last]), strings.TrimRight(words[last], "0123456789")
	switch {
	case k != noSecret:
	case bare == "key" && last > 0 && qualifying[words[last-1]]:
		k = token
	case bare == "key" && last == 0 && start > 0 && s.source[start-1] == ' ' && qualifying[strings.ToLower(s.wordBefore(start-1))]:
		k = token
	}
	if k == token && last+1 < len(words) && words[len(words)-1] == "id" && words[last] != "secret" {
		return noSecret
	}
	return k
}

// knows reports whether a word of a key names a secret by itself.
func knows(words []string, i int) bool {
	return kindOfWord(words[i]) != noSecret || words[i] == "key" && i > 0 && qualifying[words[i-1]]
}

func kindOfWord(word string) kind {
	bare := strings.TrimRight(word, "0123456789")
	if k := kinds[bare]; k != noSecret {
		return k
	}
	for _, end := range []string{"password", "passwort", "passwd", "passphrase"} {
		if strings.HasSuffix(bare, end) {
			return password
		}
	}
	for _, end := range []string{"secret", "token", "apikey"} {
		if strings.HasSuffix(bare, end) {
			return token
		}
	}
	return noSecret
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

func (s *scan) wordBefore(end int) string {
	start := end
	for start > 0 && end-start < longKey && inKey(s.source[start-1]) {
		start--
	}
	return string(s.source[start:end])
}

// separators lead from a key to its value. The first group is quotes that close the key.
var (
	separator = text.Pattern("^(\\\\?[\"'`*)\\]]{0,4})(?:[ \\t\u00a0]|\x1b\\[[\\d;]{0,9}m){0,20}(=>|:=|===?|!=|=~|=|:{1,2}|：|\\||→|->|\\bis now\\b|\\bis\\b|\\bist\\b|\\blautet\\b|\\bwas\\b|\\best\\b|\\bes\\b|\\bje\\b|\\bjest\\b|\\bè\\b|\\bär\\b|は)([ \\t]{0,3}\\|)?(?:[ \\t\u00a0]|\x1b\\[[\\d;]{0,9}m){0,20}(?:[|>][+-]?\\s{1,40})?")
	fieldOf   = text.Pattern(`(?i)^\\?["'\x60]?\s{0,20},?\s{0,40}\\?["']?value\\?["']?\s{0,4}[:=]\s{0,4}`)
	spaces    = text.Pattern(`^[ \t]{1,8}`)
	element   = text.Pattern(`^[^<>\n]{0,40}>`)
	attribute = text.Pattern(`^["']>`)
	made      = text.Pattern(`^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}|[0-9A-Z]{32,})(?:[\s.,;)]|$)`)
	level     = text.Pattern(`^\d `) // "enable secret 5 …", "password 0 …"
	configure = text.Pattern(`(?i)\b(?:configure|config) set\b|\blogin\s+\S+\s+$|\badd-(?:generic|internet)-password\b`)
)

// value looks for the value of a key, and adds it if it is a secret.
func (s *scan) value(start, end int, k kind) {
	rest := s.source[end:min(end+160, len(s.source))]
	from, how, ok := s.separated(start, end, rest)
	if !ok {
		return
	}
	v, enclosed := s.valueAt(end + from)
	if enclosed {
		how = strong
	}
	if n := v.End - v.Start; n > ahead {
		s.credit -= n
	}
	if v.End > v.Start && (s.many() || s.credit < 0 || isSecret(string(s.source[v.Start:v.End]), k, how)) {
		s.add(k.rule(), v.Start, v.End)
	}
}

// separated finds where a value begins, and how surely it is one.
func (s *scan) separated(start, end int, rest []byte) (from int, how strength, ok bool) {
	before := byte('\n')
	if start > 0 {
		before = s.source[start-1]
	}
	option := s.source[start] == '-' || before == '-'
	verb := strings.EqualFold(string(s.source[start:end]), "pass") && !option // "Pass `--all`", "tests pass: 12"
	next, field := mayFollow(rest)
	var m []int
	if next {
		m = separator().FindSubmatchIndex(rest)
	}
	field = field && fieldOf().Match(rest)
	switch {
	case before == '<' && element().Match(rest), attribute().Match(rest):
		return len(element().Find(rest)), strong, true
	case field:
		return len(fieldOf().Find(rest)), strong, true
	case m != nil && verb && !typed(string(firstWord(rest[m[1]:]))) && !(string(rest[m[4]:m[5]]) == "=" || m[3] > m[2] && strings.ContainsRune("\"'", rune(rest[m[2]])) && m[3] == m[4] && rest[m[4]] == ':'):
		return 0, weak, false
	case m != nil:
		how, ok = s.howSure(start, end, rest, m, before)
		return m[1], how, ok
	}
	gap := len(spaces().Find(rest))
	switch {
	case gap == 0 || gap == len(rest):
	case option && rest[gap] != '-', s.isConfigured(start):
		return gap, strong, true
	case !verb && (rest[gap] == '\'' || rest[gap] == '`' || rest[gap] == '"'):
		return gap, weak, true
	case !verb && made().Match(rest[gap:]), typed(string(firstWord(rest[gap+len(level().Find(rest[gap:])):]))):
		return gap + len(level().Find(rest[gap:])), weak, true
	}
	return 0, weak, false
}

func firstWord(text []byte) []byte {
	if end := bytes.IndexAny(text, " \t\r\n\"'`|<>)"); end >= 0 {
		return text[:end]
	}
	return text
}

// mayFollow reports whether a separator may follow a key, and whether the name of a value
// may. It is only to save time.
func mayFollow(rest []byte) (aSeparator, aField bool) {
	behind := bytes.TrimLeft(rest, " \t\\\"'`*)]")
	aSeparator = len(behind) > 0 && (!isAlnum(behind[0]) || strings.IndexByte("iwlej", behind[0]) >= 0)
	behind = bytes.TrimLeft(rest, " \t\r\n\v\f\\\"'`,")
	return aSeparator, len(behind) > 0 && lower(behind[0]) == 'v'
}

// isConfigured reports whether a key is an argument: "aws configure set KEY VALUE".
func (s *scan) isConfigured(start int) bool {
	before := s.source[max(start-80, 0):start]
	for i := range before {
		if rest := before[i:]; startsWith(rest, "config") || startsWith(rest, "login") || startsWith(rest, "add-") {
			return configure().Match(before)
		}
	}
	return false
}

// howSure weighs what stands between a key and its value.
func (s *scan) howSure(start, end int, rest []byte, m []int, before byte) (strength, bool) {
	sign := string(rest[m[4]:m[5]])
	tight := m[1] == m[5]-0 && m[3] == m[4]
	key := string(s.source[start:end])
	switch sign {
	case "==", "===", "!=", "=~", "::":
		return weak, false
	case "=":
		if tight && m[2] == m[3] && key != "pass" || strings.ToUpper(key) == key && (tight || key != "PASS") || before == '?' || before == '&' {
			return strong, true
		}
	case ":", "：", "=>", ":=":
		if m[3] > m[2] && (rest[m[2]] == '"' || rest[m[2]] == '\'' || rest[m[2]] == '\\') { // "password": …
			return strong, true
		}
		if s.isLine(start, end+m[1]) && strings.ContainsAny(key, "_-.") {
			return strong, true
		}
	}
	return weak, true
}

// isLine reports whether a key begins its line and its value is one word that ends it.
func (s *scan) isLine(start, from int) bool {
	line := bytes.LastIndexByte(s.source[max(start-longKey, 0):start], '\n')
	begin := s.source[max(start-longKey, 0)+line+1 : start]
	tail, _, _ := bytes.Cut(s.source[from:min(from+300, len(s.source))], []byte("\n"))
	return len(bytes.Trim(begin, " \t->\"'")) == 0 && !bytes.ContainsAny(bytes.TrimSpace(tail), " \t")
}

// closing are the quotes that enclose values.
const closing = "\"'`"

// valueAt finds the value that begins at an offset, without its quotes.
func (s *scan) valueAt(from int) (v text.Span, enclosed bool) {
	source := s.source
	if from < len(source) && source[from] == '\\' {
		from++
	}
	if from+2 < len(source) && source[from] == '*' && source[from+1] == '*' {
		from += 2
	}
	if from < len(source) && strings.IndexByte(closing, source[from]) >= 0 {
		quote := source[from]
		line := source[from+1 : min(from+1+longRun, len(source))]
		if end := bytes.IndexAny(line, string(quote)+"\n"); end > 0 && line[end] == quote {
			if line[end-1] == '\\' {
				end--
			}
			return text.Span{Start: from + 1, End: from + 1 + end}, true
		}
		from++
	}
	end := from
	if s.run.Start <= from && from < s.run.End { // "password=password=…": it ends where the one around it does
		end = s.run.End
	}
	for end < len(source) && end-from < longRun && !s.endsValue(end) {
		end++
	}
	s.run = text.Span{Start: from, End: end}
	return text.Span{Start: from, End: trimmedEnd(source, from, end)}, false
}

var nextField = text.Pattern(`^[;&,](?:\s|$|["'\\]|[\w.% -]{1,40}[=:])`)

// endsValue reports whether a value without quotes ends here.
func (s *scan) endsValue(at int) bool {
	switch c := s.source[at]; c {
	case ' ', '\t', '\n', '\r', '"', '\'', '`', '<':
		return true
	case ';', '&', ',':
		return nextField().Match(s.source[at:min(at+44, len(s.source))])
	case '|':
		return at > 0 && s.source[at-1] == ' '
	case '\\':
		return at+1 < len(s.source) && strings.IndexByte("nr\"", s.source[at+1]) >= 0
	default:
		return c == 0xc2 && at+1 < len(s.source) && s.source[at+1] == 0xa0
	}
}

// trimmedEnd leaves out what belongs to the sentence.
func trimmedEnd(source []byte, from, end int) int {
	for end > from {
		c := source[end-1]
		open := map[byte]byte{')': '(', ']': '[', '}': '{'}[c]
		if strings.IndexByte(".,;:*", c) < 0 && (open == 0 || bytes.IndexByte(source[from:end], open) >= 0) {
			break
		}
		end--
	}
	return end
}
