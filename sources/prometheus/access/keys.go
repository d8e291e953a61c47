package access

import "github.com/nines-slo/nines/slo/spec"

// Keys returns the keys of a source's block that say who asks, and how. Those of http
// are called as in Prometheus' own files, and mean the same but for proxy_from_environment,
// which is false there where it is left out.
func Keys() []spec.Key {
	return append([]spec.Key{
		{
			Name: "http", Type: spec.Object, Keys: httpKeys(), Example: "{bearer_token_env: PROM_TOKEN}",
			Doc: "User or token, TLS and proxy of requests; its keys are those of Prometheus' own files, but the proxy " +
				"of the environment is used unless proxy_from_environment is false.",
		},
		{
			Name: "headers", Type: spec.TextMap, Example: "{X-Scope-OrgID: shop}",
			Doc: "Headers that go with each request, such as a tenant. A secret has no place here: see token.",
		},
		{Name: "token", Type: spec.Credential, Doc: "Secret for the header that token_header names."},
		{
			Name: "token_header", Type: spec.Text, Example: "X-Api-Key",
			Doc: "Name of the header whose value is token. A bearer token is http: {bearer_token_env: VARIABLE}.",
		},
		{
			Name: "sigv4", Type: spec.Object, Keys: sigv4Keys(), Example: "{region: eu-west-1}",
			Doc: "Sign requests by an access key of AWS, for Amazon Managed Prometheus.",
		},
		{
			Name: "google", Type: spec.Object, Keys: googleKeys(), Example: "{metadata: true}",
			Doc: "Ask with a token of Google (scope monitoring.read), for its Managed Prometheus and Cloud Monitoring.",
		},
	}, elsewhere()...)
}

// elsewhere are keys that people write in other places.
func elsewhere() []spec.Key {
	out := []spec.Key{
		{Name: "http_headers", Means: "headers"},
		{Name: "bearer_token", Means: "http", Example: bearer},
		{Name: "bearer_token_env", Means: "http", Example: bearer},
		{Name: "bearer_token_file", Means: "http", Example: "http: {bearer_token_file: FILE}"},
		{Name: "google_iam", Means: "google", Example: "google: {credentials_file: FILE}"},
	}
	for _, name := range []string{"basic_auth", "authorization", "oauth2", "tls_config", "proxy_url"} {
		out = append(out, spec.Key{Name: name, Means: "http", Example: "it below http"})
	}
	return out
}

const bearer = "http: {bearer_token_env: VARIABLE}"

func httpKeys() []spec.Key {
	return []spec.Key{
		{
			Name: "basic_auth", Type: spec.Object, Keys: basicKeys(), Doc: "A user and a password.",
			Example: "{username: nines, password_env: PROM_PASSWORD}",
		},
		{Name: "bearer_token", Type: spec.Credential, Doc: "Token of the header Authorization: Bearer."},
		{
			Name: "authorization", Type: spec.Object, Keys: authorizationKeys(),
			Doc:     "The header Authorization, with another scheme than Basic.",
			Example: "{type: Token, credentials_env: PROM_TOKEN}",
		},
		{
			Name: "oauth2", Type: spec.Object, Keys: oauth2Keys(),
			Doc:     "Ask with tokens that OAuth 2.0 gives for the client's secret (RFC 6749, 4.4).",
			Example: "{client_id: nines, client_secret_env: PROM_SECRET, token_url: https://auth.example/token}",
		},
		{
			Name: "tls_config", Type: spec.Object, Keys: tlsKeys(), Example: "{ca_file: ca.pem}",
			Doc: "Who vouches for the server, and the certificate of the client, if it wants one.",
		},
		{
			Name: "proxy_url", Type: spec.Address, Example: "http://proxy.example:3128",
			Doc: "Proxy for all requests of the source, those for tokens too; that of the environment if left out.",
		},
		{
			Name: "no_proxy", Type: spec.Text, Example: "prom.example,10.0.0.0/8",
			Doc: "Hosts that are asked past proxy_url, as in the variable NO_PROXY.",
		},
		{
			Name: "proxy_from_environment", Type: spec.Boolean,
			Doc: "Take the proxy that the environment names; true if left out (in Prometheus' own files false), " +
				"false for none.",
		},
		{
			Name: "follow_redirects", Means: "proxy_url",
			Example: "nothing: a redirect is followed on its own host, and never to another",
		},
		{Name: "enable_http2", Means: "proxy_url", Example: "nothing: HTTP/2 is spoken where the server does"},
		{Name: "http_headers", Means: "proxy_url", Example: "headers: {NAME: VALUE} beside http"},
		{
			Name: "proxy_connect_header", Means: "proxy_url",
			Example: "nothing: proxies that want more than an address cannot be used",
		},
	}
}

func basicKeys() []spec.Key {
	return []spec.Key{
		{Name: "username", Type: spec.Name, Example: "nines", Doc: "Name of the user."},
		{
			Name: "username_file", Type: spec.Text, Example: "user.txt",
			Doc: "The file that holds username, relative to this file.",
		},
		{Name: "password", Type: spec.Credential, Doc: "Password of the user; none if left out."},
	}
}

func authorizationKeys() []spec.Key {
	return []spec.Key{
		{
			Name: "type", Type: spec.Text, Example: "Bearer",
			Doc: "Scheme that stands before the credentials; Bearer if left out.",
		},
		{Name: "credentials", Type: spec.Credential, Required: true, Doc: "Secret that stands behind the scheme."},
	}
}

func oauth2Keys() []spec.Key {
	return []spec.Key{
		{Name: "client_id", Type: spec.Name, Required: true, Example: "nines", Doc: "Name of the client."},
		{Name: "client_secret", Type: spec.Credential, Required: true, Doc: "Secret of the client."},
		{
			Name: "token_url", Type: spec.Address, Required: true, Example: "https://auth.example/token",
			Doc: "Address that gives tokens. The secret of the client goes there alone.",
		},
		{Name: "scopes", Type: spec.Texts, Example: "[read]", Doc: "Scopes that are asked for."},
		{
			Name: "endpoint_params", Type: spec.TextMap, Example: "{audience: prom}",
			Doc: "Further parameters of the request for a token, which are no secrets.",
		},
		{
			Name: "tls_config", Type: spec.Object, Keys: tlsKeys(), Example: "{ca_file: ca.pem}",
			Doc: "TLS with the host of token_url.",
		},
		{Name: "grant_type", Means: "client_secret", Example: "nothing: the client's secret is the only grant"},
		{
			Name: "client_certificate_key", Means: "client_secret",
			Example: "client_secret_env: the client's secret is the only grant",
		},
	}
}

func tlsKeys() []spec.Key {
	return []spec.Key{
		{
			Name: "ca", Type: spec.Text, Example: "-----BEGIN CERTIFICATE-----…",
			Doc: "Certificates, in PEM, of those who may vouch for the server; those of the system if left out.",
		},
		{Name: "ca_file", Type: spec.Text, Example: "ca.pem", Doc: "The file of ca, relative to this file."},
		{
			Name: "cert", Type: spec.Text, Example: "-----BEGIN CERTIFICATE-----…",
			Doc: "Certificate of the client, in PEM.",
		},
		{Name: "cert_file", Type: spec.Text, Example: "client.pem", Doc: "The file of cert, relative to this file."},
		{Name: "key", Type: spec.Credential, Doc: "Key of the client's certificate, in PEM."},
		{
			Name: "server_name", Type: spec.Name, Example: "prom.example",
			Doc: "Name that the server's certificate must have; the host of the address if left out.",
		},
		{
			Name: "min_version", Type: spec.Text, Enum: []string{"TLS10", "TLS11", "TLS12", "TLS13"},
			Doc: "Oldest version of TLS that is spoken; TLS12 if left out.",
		},
		{
			Name: "insecure_skip_verify", Type: spec.Boolean,
			Doc: "Believe any certificate: secrets then go to whoever answers.",
		},
		{Name: "max_version", Means: "min_version", Example: "nothing: the newest version that both know is spoken"},
	}
}

func sigv4Keys() []spec.Key {
	return []spec.Key{
		{Name: "region", Type: spec.Name, Required: true, Example: "eu-west-1", Doc: "Region of the workspace."},
		{
			Name: "access_key", Type: spec.Credential,
			Doc: "ID of the access key; the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN " +
				"if left out.",
		},
		{Name: "secret_key", Type: spec.Credential, Doc: "Secret of access_key."},
		{Name: "session_token", Type: spec.Credential, Doc: "Session token of access_key, if that is a temporary one."},
		{Name: "profile", Means: "access_key", Example: noProfile},
		{Name: "role_arn", Means: "access_key", Example: noProfile},
		{Name: "external_id", Means: "access_key", Example: noProfile},
	}
}

const noProfile = "access_key_env, secret_key_env and session_token_env: profiles and roles are not read; " +
	"`aws configure export-credentials --format env` gives the variables of one"

func googleKeys() []spec.Key {
	return []spec.Key{
		{
			Name: "credentials", Type: spec.Credential,
			Doc: "Key of a service account: the JSON file as Google gives it out, or its text in a variable.",
		},
		{
			Name: "metadata", Type: spec.Boolean,
			Doc: "Ask for the service account that the machine runs as, by Google's metadata server.",
		},
	}
}
