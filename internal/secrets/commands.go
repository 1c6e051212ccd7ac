package secrets

import (
	"regexp"
	"strings"
)

// options are how programs take a secret: by which option, and with the secret in the same
// word where that is glued, else also in the next.
var options = []struct {
	programs, option string
	glued            bool
	kind             kind
}{
	{"mysql, mariadb, 7z , 7za , rar ", `-p`, true, password},
	{"sshpass, cqlsh, mongo, hdbsql, psexec, twine", `-p`, false, password},
	{"sqlcmd, bcp , zip , unzip , isql , tsql , mosquitto_pub, mosquitto_sub, ipmitool", `-P`, false, password},
	{"redis-cli, keydb-cli, valkey-cli", `-a`, false, password},
	{"ldapsearch, ldapmodify, ldapadd, ldapdelete, ldapwhoami, ldappasswd", `-w`, false, password},
	{"ssh-keygen", `-N`, false, password},
	{"ssh-keygen", `-P`, false, password},
	{"plink, pscp, psftp, nzsql", `-pw`, false, password},
	{"snmp", `-A`, false, password},
	{"snmp", `-X`, false, password},
	{"openssl enc", `-k`, false, password},
	{"schtasks", `/rp`, false, password},
	{"xfreerdp, wfreerdp", `/p:`, true, password},
	{"cmdkey", `/pass:`, true, password},
	{"curl", `--oauth2-bearer`, false, token},
	{"influx", `-t`, false, token},
	{"gh secret", `-b`, false, token},
	{"gh secret", `--body`, false, token},
	{"put-parameter, keyvault secret set", `--value`, false, token},
	{"secretsmanager", `--secret-string`, false, token},
	{"snmp", `-c`, false, token},
}

// positions are commands that take a secret without an option, and what stands before it.
var positions = []struct {
	words, before string
	kind          kind
}{
	{"add_user, change_password, authenticate_user", `\w+\s+["']?[^\s"'-][^\s"']*["']?\s+`, password},
	{"vault login", `vault login\s+`, token},
	{"wpa_passphrase", `\w+\s+\S+\s+`, password},
	{"net user", `net user\s+[^\s/]+\s+`, password},
	{"net use ", `net use\b` + glue + `\s/user:\S+\s+`, password},
	{"mysqladmin, nmcli", `\w+` + glue + `\spassword\s+`, password},
	{"user:password", `user:password\s+\S+\s+`, password},
	{"ejabberdctl register", `ejabberdctl register\s+\S+\s+\S+\s+`, password},
	{"reset-admin-password", `reset-admin-password\s+`, password},
	{"add-authtoken, ngrok authtoken", `[\w -]*authtoken\s+`, token},
	{"http-basic.", `http-basic\.\S+\s+\S+\s+`, password},
	{"cargo login, snyk auth", `\w+ \w+\s+`, token},
	{"db2 connect", `db2 connect to\s+\S+\s+user\s+\S+\s+using\s+`, password},
	{"mc alias set, mc config host add", `mc (?:alias set|config host add)(?:\s+\S+){3}\s+`, token},
	{"rclone config", `rclone config\b` + glue + `\s(?:secret_access_key|pass|password|client_secret|token|key)[ =]\s*`, token},
	{"sonar.login, dsonar.login", `d?sonar\.login["']?[:= ]{1,3}["']?`, token},
	{"radtest", `radtest\s+\S+\s+`, password},
	{"config set --secret", `config set --secret\s+\S+\s+`, password},
	{"setapikey", `setapikey\s+`, token},
	{"rclone obscure", `rclone obscure\s+`, password},
	{"encrypt_string", `encrypt_string\s+(?:--[\w-]+[ =]\S+\s+)*`, token},
	{"set password for", `set password for\s+[^=\n;]{1,80}=\s*`, password},
	{"--password-stdin, --with-token, sudo -s, kinit, chpasswd, passwd --stdin, smbpasswd, cryptsetup", `\S+` + glue + `<<<\s*`, password},
	{"secret put, secret set, secret create, secrets create, secrets versions add, env add", `\w+ \w+` + glue + `<<<\s*`, token},
	{"password-command, password_command, password_cmd, passcommand", `[\w-]+[ =]\s*["']?(?:echo|printf)\s+(?:-\w+\s+)?`, password},
}

// piped are commands that read a secret from the program before them.
const piped = "--password-stdin, --with-token, sudo -s, chpasswd, passwd --stdin, secret create, secrets create, secrets versions add, secret put, secret set, cryptsetup, kinit"

// beginnings are how tokens begin that gitleaks does not know, and how many characters
// follow at least.
var beginnings = map[string]string{
	"dckr_pat_": "20", "dckr_oat_": "20", "whsec_": "20", "ya29.": "40", "1//0": "40", "gocspx-": "20", "atatt3": "60", "atctt3": "60", "atbb": "28", "sbp_": "36",
	"nfp_": "30", "rnd_": "24", "sk-or-v1-": "40", "gsk_": "40", "xai-": "40", "r8_": "30", "lsv2_": "30", "bkua_": "36", "cfpat-": "30", "phx_": "30", "pat-na1-": "30", "ntn_": "40", "hvs.": "20", "figd_": "36", "live_": "24", "dg9r": "40", "sk.eyj": "60", "sqp_": "40", "sqa_": "40", "squ_": "40", "dp.st.": "40", "dp.pt.": "40", "xapp-1-": "40", "pul-": "40",
}

// commandForms are the forms of secrets that programs take, and of tokens by their beginning.
func commandForms() (all []form) {
	for _, o := range options {
		gap := `[ =]{0,4}`
		if o.glued {
			gap = ""
		}
		all = append(all, form{rule: "command-password", words: strings.Split(o.programs, ", "), flag: " " + o.option, apart: true, check: argument(o.kind),
			shape: shape(`\S+` + glue + `\s(?-i:` + regexp.QuoteMeta(o.option) + `)` + gap + arg)})
	}
	for _, p := range positions {
		all = append(all, form{rule: "command-password", words: strings.Split(p.words, ", "), apart: true, check: argument(p.kind), shape: shape(p.before + arg)})
	}
	for start, least := range beginnings {
		all = append(all, form{rule: "issued-token", words: []string{start}, apart: true, shape: shape(`(` + regexp.QuoteMeta(start) + `[\w+/=.~-]{` + least + `,})`),
			check: func(v string) bool { return strings.ContainsAny(v, "0123456789") && isSecret(v, token, weak) }})
	}
	return append(all, form{rule: "command-password", words: strings.Split(piped, ", "), kind: password, shape: shape(`.`),
		back: before(`\b(?:echo|printf)\s+(?:-\w+\s+)?(?:['"]%s(?:\\n)?['"]\s+)?["']?(?:[\w.-]+:)?([^\s"'|]+)["']?\s*\|[^|\n]*$`)})
}

// argument judges what stands where a program takes a secret. An option is none.
func argument(k kind) func(string) bool {
	return func(value string) bool { return !strings.HasPrefix(value, "-") && isSecret(value, k, strong) }
}

// spoken judges a value that stands behind a name in a sentence or a note.
func spoken(value string) bool { return mixes(value) && isSecret(value, password, weak) }

// openings begin the name of what a password opens.
var openings = set(`for of für von de del du des para pour do da di voor van för til для от`)

// opens looks at what is said of a password: "the password for ada is …".
func (s *scan) opens(f *form, word string, at int) {
	rest := s.source[at+len(word) : min(at+len(word)+12, len(s.source))]
	if len(rest) == 0 || rest[0] != ' ' {
		return
	}
	if next, _, ok := strings.Cut(string(rest[1:]), " "); ok && openings[strings.ToLower(next)] {
		f.look(s, at)
	}
}
