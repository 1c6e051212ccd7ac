package secrets

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/text"
)

// A form is a way in which a command, a header or a file holds a secret.
type form struct {
	rule  string
	words []string              // in which one of them it is looked for
	shape func() *regexp.Regexp // from the word on; the first group that took part is the secret
	back  func() *regexp.Regexp // what the command must have before the word, if not nil; may have the secret as its group
	lead  []string              // words of which back needs one, where that saves time
	flag  string                // what must follow soon, if not ""
	apart bool                  // the word does not go on a longer one
	kind  kind
	check func(value string) bool // instead of kind, if not nil
}

// The parts of shapes: a value, with or without quotes, and the rest of a command,
// which may go on in the next line.
const (
	arg  = `["'\x60]?([^\s"'\x60|;]+)`
	glue = `(?:'[^'\n]*'|"[^"\n]*"|[^\n|;]|\\\n){0,240}?`
)

// More parts: a value in quotes, and the default of a variable.
const (
	literal   = `(?:"([^"\n]+)"|'([^'\n]+)')`
	byDefault = `\{[^{}]{0,200}?\bdefault\s*=\s*` + literal
)

// constants are the calls that set a constant or a variable by its name.
var constants = []string{"define(", "setenv(", "putenv(", "setdefault("}

func shape(s string) func() *regexp.Regexp { return before(`^` + s) }

// before is an expression that is compiled when its word is first found.
func before(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)` + s) })
}

// forms are the forms that gitleaks does not know, or knows only in files.
var forms = []form{
	{rule: "curl-user", words: []string{"-u ", "-u'", "-u\"", "--user", "-a ", "-auth "}, kind: password,
		shape: shape(`(?:-u|--user|--proxy-user|-auth|-a)(?:[ =]|\\\r?\n\s{0,8}){0,4}["']?[^\s:"'$]+:([^\s"'\x60]+)`),
		back:  before(`\b(?:curl|wget|https?|xh|lftp|ab|hey|siege|mvn|jfrog|svn|ftp|etcdctl|java|jenkins-cli)\b`)},
	{rule: "command-password", words: []string{"login"}, flag: " -p", kind: password, shape: shape(`login\b` + glue + `\s(?-i:-p)[ =]?` + arg),
		back: before(`\b(?:docker|podman|helm|az|acr|cf|oc|registry|nerdctl|buildah|skopeo|oras|crane|ecr|ibmcloud|argocd|harbor)\b`)},
	{rule: "command-password", words: []string{"smbclient", "rpcclient", "winexe"}, flag: " -U", kind: password, shape: shape(`\w+` + glue + `\s(?-i:-U)\s*["']?[^\s%"']+%` + arg)},
	{rule: "command-password", words: []string{"htpasswd"}, kind: password, shape: shape(`htpasswd\s+-\w*b\w*\s+(?:\S+[ \t]+){1,2}` + arg + `[ \t]*(?:\n|$)`)},
	{rule: "command-password", words: []string{"pass:"}, kind: password, shape: shape(`pass:` + arg), back: before(`-pass(?:in|out)?\s+["']?$`)},
	{rule: "command-password", words: []string{"--from-literal"}, kind: password, shape: shape(`--from-literal[ =]["']?[\w.-]+=` + arg)},
	{rule: "command-password", words: []string{"<(echo", "<(printf"}, kind: password, shape: shape(`<\(\w+\s+(?:-\w+\s+)?` + arg), back: before(`(?:pass|token|secret|key)[\w-]*[ =]*["']?$`)},
	{rule: "command-password", words: []string{"lftp"}, flag: " -u", kind: password, shape: shape(`lftp\b` + glue + `\s(?-i:-u)\s*["']?[^\s"',]+,` + arg)},
	{rule: "command-password", words: []string{"sqlplus", "rman", "expdp", "impdp", "sqlldr"}, apart: true, shape: shape(`\w+\b(?:\s+(?:target|-\w+))*\s+(?:userid=)?["']?[\w$#.-]+/` + arg),
		check: func(v string) bool { return (strings.Contains(v, "@") || mixes(v)) && isSecret(v, password, strong) }},
	{rule: "command-password", words: []string{" -p ", " -pw ", " -ap ", " /p "}, check: typed, shape: shape(` \S+ ` + arg)}, // of any program
	{rule: "password", words: []string{"auth ", "auth:", "auth_basic:", "digest ", "login=", "logged in as "}, check: typed, shape: shape(`[\w=]+:?(?: (?:in as )?\w*)??\s?[\w.@-]{1,40}[:/]` + arg)},
	{rule: "command-password", words: []string{"oracle:thin:"}, kind: password, shape: shape(`oracle:thin:[\w$#.-]+/([^\s@"']+)@`)},
	{rule: "command-password", words: []string{"send "}, apart: true, check: spoken, shape: shape(`send\s+(?:--\s+)?\\?["']([^\s"'\\]+)\\[rn]`)},
	{rule: "password", words: []string{"password ", "passwort ", "pass: ", "pw "}, apart: true, check: spoken, shape: shape(`\w+:?\s+` + arg),
		back: before(`\b(?:user|username|login|benutzer|account)\b[:= ]\s{0,4}["'\x60]?[\w.@-]{1,40}["'\x60]?[\s,;/]+(?:(?:and|with|und|mit)\s+)?$`), lead: []string{"user", "login", "benutzer", "account"}},
	{rule: "password", words: []string{"credentials", "creds", "login", "zugang"}, apart: true, check: spoken, shape: shape(`\w+(?: (?:for|of|to|at|für|zum?)\b[^:\n]{1,40}:| (?:with|mit)|:?) ["'\x60]?[\w.@-]{1,40} ?/ ?` + arg)},
	{rule: "password", words: []string{"basic_auth: ", "basic-auth: ", "basicauth: "}, kind: password, shape: shape(`[\w-]+: ["']?[\w.@-]{1,40}:` + arg)},
	{rule: "password", words: []string{"requirepass ", "masterauth "}, apart: true, kind: password, shape: shape(`\w+\s+` + arg + `[ \t]*(?:\r?\n|$)`)},
	{rule: "password", words: []string{"auth "}, apart: true, check: spoken, shape: shape(`(?-i:AUTH)[ \t]+(?:\S+[ \t]+)?(\S+)[ \t]*(?:\r?\n|$)`)},
	{rule: "pgpass", words: []string{"\"md5"}, shape: shape(`"(md5[0-9a-f]{32})"`), back: before(`"[\w.-]+"\s+$`), check: func(string) bool { return true }},
	{rule: "command-password", words: []string{"securestring"}, kind: password, shape: shape(`securestring\s+(?:-\w+\s+)*` + literal), back: before(`\bconvertto-$`)},
	{rule: "password", words: []string{"type=password", "type=\"password", "type='password"}, kind: password, shape: shape(`type=["']?password["']?[^<>\n]{0,200}?\svalue=` + literal)},
	{rule: "password", words: []string{"type=password", "type=\"password", "type='password"}, kind: password, shape: shape(`.`), back: before(`<input\b[^<>]*\svalue=["']?([^"'\s<>]+)["']?\s[^<>]*$`)},
	{rule: "password", words: constants, kind: password, shape: shape(`\w+\(\s*["'][\w.-]*(?:passw(?:or)?d|passphrase|pwd|_pass)["']\s*,\s*` + literal)},
	{rule: "token", words: constants, kind: token, shape: shape(`\w+\(\s*["'][\w.-]*(?:secret|token|key|salt)["']\s*,\s*` + literal)},
	{rule: "password", words: []string{"variable \""}, kind: password, shape: shape(`variable\s+"[\w-]*(?:password|passwd|passphrase|pwd)"\s*` + byDefault)},
	{rule: "token", words: []string{"variable \""}, kind: token, shape: shape(`variable\s+"[\w-]*(?:secret|token|api_?key)"\s*` + byDefault)},
	{rule: "kubernetes-secret", words: []string{"get secret"}, kind: token, back: before(`\b(?:kubectl|oc|k)\b`),
		shape: shape(`get secrets?\b[^\n]{0,200}(?:jsonpath|go-template)[^\n]{0,200}\n[ \t>]*([^\s$#>]\S*)[ \t]*(?:\r?\n|$)`)},
	{rule: "sql-password", words: []string{"identified"}, kind: password, shape: shape(`identified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?["']([^"'\n]+)["']`)},
	{rule: "sql-password", words: []string{"password "}, kind: password, shape: shape(`password\s+'([^'\n]+)'`), back: before(`\b(?:user|role|login|alter|create)\b`), lead: []string{"user", "role", "login", "alter", "create"}},
	{rule: "netrc", words: []string{"login "}, kind: password, shape: shape(`login\s+\S+\s+password\s+(\S+)`)},
	{rule: "netrc", words: []string{"password "}, kind: password, shape: shape(`password\s+(\S+)`), back: before(`\bmachine\s+\S+\s+(?:login\s+\S+\s+)?$`), lead: []string{"machine"}},
	{rule: "pgpass", words: []string{":5432:", ":6432:", ":3306:", ":*:"}, kind: password, shape: shape(`:(?:\d+|\*):[^:\s]+:[^:\s]+:(\S+)`), back: before(`(?:^|[\s\x60])[\w.*-]+$`)},
	{rule: "authorization", words: []string{"authorization"}, kind: token,
		shape: shape(`authorization\\?["']?\s{0,4}[:=,]\s{0,4}\\?["'\x60]?(?:(?:token|apikey|api-key|bearer|key|splunk|geniekey|bot|sso-key|negotiate|basic)[ =]+)?\\?["'\x60]?([\w.~+/=:-]+)`)},
	{rule: "authorization", words: []string{"bearer "}, shape: shape(`bearer\s+\\?["'\x60]?([\w.~+/=-]{16,})`), check: func(v string) bool { return isSecret(v, token, weak) && strings.ContainsAny(v, "0123456789") }},
	{rule: "authorization", words: []string{"basic "}, shape: shape(`basic\s+\\?["'\x60]?([A-Za-z0-9+/]{8,}={0,2})`), check: func(v string) bool { return decodesToLogin(v) && !isExample(v) }},
	{rule: "cookie", words: []string{"sessid=", "sessionid=", ".sid=", "session="}, kind: token, shape: shape(`[\w.]*=([^;\s"'&]{12,})`)},
	{rule: "webhook", words: []string{"/api/webhooks/"}, kind: token, shape: shape(`/api/webhooks/\d+/([\w-]{30,})`)},
	{rule: "webhook", words: []string{"/bot"}, kind: token, shape: shape(`/bot(\d{6,12}:[\w-]{30,})`)},
	{rule: "webhook", words: []string{"/hooks/"}, kind: token, shape: shape(`/hooks/(?:[\w-]+/)*([\w-]{24,})(?:[^.\w-]|$)`)},
	{rule: "private-key", words: []string{"private-lines:"}, shape: shape(`private-lines:\s*\d+\s*((?:[ \t>]*[A-Za-z0-9+/=]{16,}\s*)+)`), check: func(string) bool { return true }},
}

// openedBy is how a password is told with what it opens.
var openedBy = form{rule: "password", apart: true, check: spoken, shape: shape(`[\pL ]+ ["'\x60]?[\pL\d .@-]{1,40}?["'\x60]?\s{0,4}(?::|=|：|\bis\b|\bist\b|\blautet\b|\best\b|\bes\b|\bje\b)\s{1,4}` + arg)}

// ownRules are the rules that gitleaks does not have.
var ownRules = set(`curl-user command-password issued-token sql-password netrc pgpass authorization cookie webhook private-key password-in-address kubernetes-secret likely-secret`)

// look adds what stands at a word in this form.
func (f *form) look(s *scan, at int) {
	rest, command := s.source[at:min(at+600, len(s.source))], s.command(at)
	if !bytes.Contains(rest[:min(300, len(rest))], []byte(f.flag)) || f.apart && at > 0 && isAlnum(s.source[at-1]) {
		return
	}
	var back []int
	if f.back != nil {
		if f.lead != nil && !holdsAny(s.lowered(at, command[max(len(command)-nearby, 0):]), f.lead) {
			return
		}
		if s.credit -= len(command) * f.back().NumSubexp(); s.credit < 0 {
			return
		}
		if back = f.back().FindSubmatchIndex(command); back == nil {
			return
		}
	}
	if s.credit -= len(rest) / 4; s.credit < 0 { // too many to look at each
		s.add(f.rule, at, at+len(s.line(at, 200)))
		return
	}
	m := f.shape().FindSubmatchIndex(rest)
	if m == nil {
		return
	}
	start, end := group(m, 0)
	if start, end = start+at, end+at; len(back) > 2 {
		start, end = at-len(command)+back[2], at-len(command)+back[3]
	}
	end = start + len(trimValue(s.source[start:end]))
	if value := string(s.source[start:end]); f.check != nil && f.check(value) || f.check == nil && isSecret(value, f.kind, strong) {
		s.add(f.rule, start, end)
	}
}

// command is what stands before an offset in the same command, which may go on over
// lines that end in a backslash.
func (s *scan) command(at int) []byte {
	before := s.source[max(at-300, 0):at]
	for from := len(before); ; {
		from = bytes.LastIndexByte(before[:from], '\n')
		if from <= 0 || before[from-1] != '\\' {
			return before[from+1:]
		}
	}
}

// nearby is how far before a word what leads to it stands, in bytes.
const nearby = 120

// lowered is the command before an offset in lower case. Several forms ask for the same.
func (s *scan) lowered(at int, command []byte) string {
	if s.loweredAt != at+1 {
		s.loweredAt, s.loweredCommand = at+1, strings.ToLower(string(command))
	}
	return s.loweredCommand
}

// line is the rest of a line, of at most some bytes.
func (s *scan) line(at, most int) []byte {
	line, _, _ := bytes.Cut(s.source[at:min(at+most, len(s.source))], []byte("\n"))
	return line
}

func trimValue(value []byte) []byte { return value[:trimmedEnd(value, 0, len(value))] }

var userinfo = text.Pattern("^://([^\\s/:@\"'<>`]*):([^\\s/\"'<>`?#]+)@[\\w\\[{$*.-]")

// address looks for a password in an address: "postgres://ada:…@db/shop".
func (s *scan) address(at int) {
	m := userinfo().FindSubmatchIndex(s.source[at:min(at+600, len(s.source))])
	if m == nil {
		return
	}
	value := string(s.source[at+m[4] : at+m[5]])
	placeholder := strings.Contains(value, "_") && strings.ToUpper(value) == value && isName(value) // ADMIN_PASSWORD
	if !placeholder && isSecret(value, password, strong) {
		s.add("password-in-address", at+m[4], at+m[5])
	}
}

var (
	cookieHead  = text.Pattern(`(?i)^cookies?2?\\?["'\x60]?\s{0,4}[:= ]\s{0,4}`)
	cookiePair  = text.Pattern(`([\w.$%-]+)=([^;\s"'\x60\\]+)`)
	noSession   = text.Pattern(`(?i)^(?:_g\w+|_fb\w*|utm\w*|lang\w*|locale|theme|expires|max-age|path|domain|samesite|consent\w*|_hj\w*|tz|timezone)$`)
	longestLine = 64 << 10
)

// cookie looks for the values of cookies that are like tokens.
func (s *scan) cookie(at int) {
	head := cookieHead().Find(s.source[at:min(at+40, len(s.source))])
	if head == nil || at < s.cookies {
		return
	}
	from := at + len(head)
	line := s.line(from, longestLine)
	s.cookies = from + len(line)
	for _, m := range cookiePair().FindAllSubmatchIndex(line, -1) {
		value := string(line[m[4]:m[5]])
		if len(value) >= 12 && !noSession().Match(line[m[2]:m[3]]) && isSecret(value, token, strong) {
			s.add("cookie", from+m[4], from+m[5])
		}
	}
}

var (
	kindSecret = text.Pattern(`(?i)^kind:[ \t]*["']?secret["']?[ \t]*\r?\n`)
	dataBlock  = text.Pattern(`(?m)^([ \t>]*)(?:data|stringData):[ \t]*\r?\n((?:[ \t>]*[\w.-]+:[ \t]*\S.*\r?\n?)+)`)
	dataField  = text.Pattern(`(?m)^[ \t>]*[\w.-]+:[ \t]*["']?([^\s"'|>][^\s"']*)`)
)

// longestManifest is how far a secret's fields may be from its kind, in bytes: some hold
// certificates.
const longestManifest = 32 << 10

// kubernetes looks for the fields of a secret's manifest, before and after its kind.
func (s *scan) kubernetes(at int) {
	if at < s.kinds || !kindSecret().Match(s.source[at:min(at+40, len(s.source))]) {
		return
	}
	from, to := max(at-longestManifest, 0), min(at+longestManifest, len(s.source))
	if cut := bytes.LastIndex(s.source[from:at], []byte("\n---")); cut >= 0 {
		from += cut + 4
	}
	if cut := bytes.Index(s.source[at:to], []byte("\n---")); cut >= 0 {
		to = at + cut
	}
	s.kinds = to
	for _, block := range dataBlock().FindAllSubmatchIndex(s.source[from:to], -1) {
		s.fields(from+block[4], from+block[5], block[3]-block[2])
	}
}

// fields adds the fields of a block that are indented deeper than it.
func (s *scan) fields(from, to, indent int) {
	for _, m := range dataField().FindAllSubmatchIndex(s.source[from:to], -1) {
		line := s.source[from+m[0] : from+m[2]]
		if len(line)-len(bytes.TrimLeft(line, " \t>")) <= indent {
			return
		}
		if value := string(s.source[from+m[2] : from+m[3]]); len(value) > 3 && !isReference(value) && !isMasked(value) && !isExample(value) {
			s.add("kubernetes-secret", from+m[2], from+m[3])
		}
	}
}

var (
	keyHead = text.Pattern(`(?i)^-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----`)
	keyTail = text.Pattern(`(?i)^-----END[ A-Z0-9_-]{0,60}KEY(?: BLOCK)?-----`)
	keyBody = text.Pattern(`^(?:(?:\\n|\\r|[ \t>|"'+,\\-])*(?:[A-Za-z0-9+/=]{20,}|[\w-]+: .*)?\\?["',]*\r?\n?)*`)
)

// longestKey is more than a private key has, in bytes.
const longestKey = 32 << 10

// privateKey takes a private key wholly, from its first line to its last. One without
// its end ends with its last line.
func (s *scan) privateKey(at int) {
	rest := s.source[at:min(at+longestKey, len(s.source))]
	head := len(keyHead().Find(rest))
	if head == 0 {
		return
	}
	end := head
	if next := bytes.Index(rest[head:], []byte("-----")); next >= 0 {
		tail := len(keyTail().Find(rest[head+next:]))
		if end = head + next + tail; tail == 0 {
			rest = rest[:head+next]
		}
	}
	if end == head || end == len(rest) {
		end = head + len(bytes.TrimRight(keyBody().Find(rest[head:]), " \t\r\n>"))
	}
	if holdsKey(rest[head:min(end, len(rest))]) {
		s.add("private-key", at, at+end)
	}
}

// holdsKey reports whether the body of a key is one, and neither left out nor prose.
func holdsKey(body []byte) bool {
	count, others := 0, 0
	for _, c := range body {
		switch {
		case inToken(c) || c == '=':
			count++
		case c != '\n' && c != '\r' && c != ' ' && c != '\t' && c != '>' && c != '\\':
			others++
		}
	}
	return count >= 60 && others*5 < count && !bytes.Contains(body, []byte("...")) && !strings.Contains(string(body), "…")
}
