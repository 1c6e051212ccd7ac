package secrets

import "testing"

// TestForms holds forms to the secrets that people paste in them, and to what is like them.
func TestForms(t *testing.T) {
	m := newMaker(8)
	for _, s := range []sample{
		with("curl -X POST \\\n    --user \\\n    ada:§ https://x.internal", m.word()),
		with("$cred = ConvertTo-SecureString -String \"§\" -AsPlainText -Force", m.word()),
		with("ConvertTo-SecureString -AsPlainText '§'", m.word()),
		with("<input type=\"password\" name=\"pw\" value=\"§\">", m.word()),
		with("<input value='§' name=pw type=password>", m.word()),
		with("define('DB_PASSWORD', '§');", m.word()),
		with("define( 'AUTH_KEY', '§' );", m.alnum(40)+" {x"+m.alnum(5)),
		with("os.environ.setdefault(\"API_TOKEN\", \"§\")", m.alnum(30)),
		with("variable \"admin_password\" {\n  type    = string\n  default = \"§\"\n}", m.word()),
		with("$ kubectl get secret shop -o jsonpath='{.data.password}' | base64 -d\n§\n$ exit", m.alnum(14)),
		with("\x1b[32mpassword\x1b[0m: \x1b[1m§\x1b[0m", m.word()),
		with("| user | password |\n|---|---|\n| ada | rotated |\n| bo | `§` |", m.word()),
		with("headers = {'Authorization': 'token §' + suffix}", m.alnum(30)),
		with("define('AUTH_KEY', '§');", m.alnum(12)+" + "+m.alnum(9)+" ("+m.alnum(7)+" x"),
		with("APP_SECRET=\"§\"", "correct horse battery staple "+m.alnum(6)),
		with("kubectl create secret generic shop --from-literal=pin=§", "11446500"),
		with("kubectl create secret generic shop --from-literal=dsn=§", "Europe/"+m.alnum(20)+"+x"),
		with("- Token file `§` was printed", "token: "+m.alnum(24)),
		with("> | API token (prod) | user |\n> | :-- | --- |\n> | § | ada |", m.alnum(24)),
	} {
		if !isHidden(s) {
			t.Errorf("missed: %q", s.text)
		}
	}
	for _, text := range []string{
		"secret: kv/data/shop/prod#db_password",
		"kubectl create secret generic shop --from-literal=TIMEZONE='America/Los_Angeles' --from-literal=ZONE=Europe/Berlin",
		"kubectl create secret generic shop --from-literal=SITES='11446500,11447650'",
		"ConvertTo-SecureString $env:PW -AsPlainText -Force",
		"ConvertTo-SecureString \"$(Get-Content pw.txt)\"",
		"<input type=\"password\" name=\"pw\" value=\"\">",
		"<input value=\"Ada\" type=\"text\"> type=\"password\"",
		"define('SECRET_NAME', 'shop-db');",
		"define('PRIMARY_KEY', 'order_id');",
		"variable \"db_password\" {\n  sensitive = true\n}\nvariable \"region\" {\n  default = \"eu-central-1\"\n}",
		"$ kubectl get secret shop -o jsonpath='{.type}'\nOpaque\n",
		"$ kubectl get secret shop -o jsonpath='{.data}'\nError from server (NotFound): secrets \"shop\" not found",
		"| user | password |\n|---|---|\n| ada | 2024-08-31 |\n| bo | in the vault |\n| eve | $PW |",
		"| secret name | version |\n|---|---|\n| shop-db-v3 | a1B2c3D4e5 |",
		"| password length | token id |\n|---|---|\n| 16 | a1B2c3D4e5F6 |",
		"| password |\n|---|\n\n| host9Xy |",
		"headers={'Authorization': 'token ' + os.environ['PROXY_AUTH_TOKEN']}",
		"header := \"password \" + settings.Password2 + \"!\"",
		"$auth = 'secret ' . $config['Secret9'] . '';",
		"`no file \"/var/cache/token\"` → `Read-only file system (os error 30)`",
		"the token: \"Not accepted, it was of another realm (code 4012)\"",
		"secret → 'Could not be mounted within 30 seconds.'",
	} {
		if found := (Finder{}).Find([]byte(text)); len(found) > 0 {
			t.Errorf("no secret: %q: %v", text, found)
		}
	}
}
