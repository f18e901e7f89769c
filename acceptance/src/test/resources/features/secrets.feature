Feature: Secrets and authentication

  Scenario: Gives a secret to a call and to nothing else
    Given a secret apiKey1:
    """
    k3y-of-acme
    """
    And a service that answers GET /secrets/echo with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-header, version: '1.0.0'}
    use: {secrets: [apiKey1]}
    do:
      - ask:
          call: http
          with:
            method: get
            endpoint: http://service.test/secrets/echo
            headers: {X-Api-Key: "${ \"key \" + $secrets.apiKey1 }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """
    And GET /secrets/echo should have received X-Api-Key "key k3y-of-acme"
    And "k3y-of-acme" should stand nowhere in the journal

  Scenario: Gives a secret that input.from asks for to the call alone
    Given a secret account1:
    """
    {"user": "ann", "pin": "pin-4711"}
    """
    And a service that answers POST /secrets/pay with 200:
    """
    {"paid": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-input, version: '1.0.0'}
    use: {secrets: [account1]}
    do:
      - pay:
          input: {from: "{pin: $secrets.account1.pin, amount: 5}"}
          call: http
          with: {method: post, endpoint: http://service.test/secrets/pay, body: "${ . }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {paid: true}
    """
    And POST /secrets/pay should have received body '{"pin":"pin-4711","amount":5}'
    And "pin-4711" should stand nowhere in the journal

  Scenario: Decides by a secret
    Given a secret mode1:
    """
    strict
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-condition, version: '1.0.0'}
    use: {secrets: [mode1]}
    do:
      - skipped: {if: "$secrets.mode1 == \"lax\"", set: {mode: lax}}
      - chosen: {if: "$secrets.mode1 == \"strict\"", set: {chosen: true}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {chosen: true}
    """

  Scenario: Faults with an authorization error where a declared secret does not exist
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-missing, version: '1.0.0'}
    use: {secrets: [nobodyKnows]}
    do:
      - ask:
          call: http
          with:
            method: get
            endpoint: {uri: http://service.test/never, authentication: {bearer: {use: nobodyKnows}}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/authorization
    status: 403
    instance: /do/0/ask
    """
    And GET /never should have been called 0 times

  Scenario Outline: Refuses what would store a secret (<place>)
    When the definition is refused because of secret-stored at <place>:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-stored, version: '1.0.0'}
    use: {secrets: [key]}
    do:
      - a: <task>
    """
    Examples:
      | place           | task                                                                                                          |
      | /do/0/a/set/x   | {set: {x: "${ $secrets.key }"}}                                                                               |
      | /do/0/a/output/as | {set: {x: 1}, output: {as: "$secrets.key"}}                                                                 |
      | /do/0/a/export/as | {set: {x: 1}, export: {as: "{k: $secrets.key}"}}                                                            |
      | /do/0/a/input/from | {set: {x: 1}, input: {from: "$secrets.key"}}                                                               |

  Scenario: Refuses a secret that is not declared
    When the definition is refused because of unknown-secret at /do/0/a/with/headers/k:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-unknown, version: '1.0.0'}
    do:
      - a: {call: http, with: {method: get, endpoint: 'http://service.test/x', headers: {k: "${ $secrets.key }"}}}
    """

  Scenario Outline: Proves who calls by <scheme> with the values of a secret
    Given a secret login-<scheme>:
    """
    <value>
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: auth-secret-<scheme>, version: '1.0.0'}
    use:
      secrets: [login-<scheme>]
      authentications: {service: {<scheme>: {use: login-<scheme>}}}
    do:
      - ask:
          call: http
          with:
            method: get
            endpoint: {uri: 'http://service.test<path>', authentication: {use: service}}
          output: {as: "{ok: (.authenticated // .authorization != null)}"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """
    Examples:
      | scheme | path                | value                                                                                                                    |
      | basic  | /basic-auth/bob/pw9 | {"username": "bob", "password": "pw9"}                                                                                   |
      | digest | /digest/carl        | {"username": "carl", "password": "carl"}                                                                                 |
      | bearer | /protected/x        | {"token": "token-by-hand"}                                                                                               |

  Scenario: Answers a digest challenge
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: auth-digest, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: post
            endpoint: {uri: 'http://service.test/digest/dora', authentication: {digest: {username: dora, password: dora}}}
            body: {n: 1}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {authenticated: true}
    """
    And POST /digest/dora should have been called 2 times

  Scenario: Faults where a digest is wrong
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: auth-digest-wrong, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: get
            endpoint: {uri: 'http://service.test/digest/emil', authentication: {digest: {username: emil, password: wrong}}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
    status: 401
    """

  Scenario Outline: Gets an OAuth 2 token once and uses it for every call (<name>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: oauth-<name>, version: '1.0.0'}
    use:
      authentications:
        service:
          oauth2: {authority: 'http://service.test', endpoints: {token: /<name>/token}, <grant>}
    do:
      - first: {call: http, with: {method: get, endpoint: {uri: 'http://service.test/protected/1', authentication: {use: service}}}}
      - second: {call: http, with: {method: get, endpoint: {uri: 'http://service.test/protected/2', authentication: {use: service}}}}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /<name>/token should have been called 1 times
    And POST /<name>/token should have received body "<body>"
    Examples:
      | name     | grant                                                                                                        | body                                                                             |
      | client   | grant: client_credentials, client: {id: me, secret: s3cret}, scopes: [a, b]                                  | grant_type=client_credentials&scope=a%20b&client_id=me&client_secret=s3cret       |
      | password | grant: password, username: u, password: p, client: {id: me, secret: s3cret}                                  | grant_type=password&username=u&password=p&client_id=me&client_secret=s3cret       |
      | refresh  | grant: refresh_token, subject: {token: t, type: x}, client: {id: me, secret: s3cret}                         | grant_type=refresh_token&refresh_token=t&client_id=me&client_secret=s3cret        |
      | audience | grant: client_credentials, client: {id: me, secret: s3cret}, audiences: [x, y]                               | grant_type=client_credentials&audience=x&audience=y&client_id=me&client_secret=s3cret |
      | header   | grant: client_credentials, client: {id: me, secret: s3cret, authentication: client_secret_basic}             | grant_type=client_credentials                                                    |

  Scenario: Exchanges a token for another
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: oauth-exchange, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: get
            endpoint:
              uri: http://service.test/protected/3
              authentication:
                oauth2:
                  authority: http://service.test
                  endpoints: {token: /exchange/token}
                  grant: 'urn:ietf:params:oauth:grant-type:token-exchange'
                  client: {id: me, secret: s3cret}
                  subject: {token: st, type: jwt}
                  actor: {token: at, type: jwt}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /exchange/token should have received body "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=st&subject_token_type=jwt&actor_token=at&actor_token_type=jwt&client_id=me&client_secret=s3cret"

  Scenario: Gets a new token once the last one is refused
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: oauth-revoked, version: '1.0.0'}
    use:
      authentications:
        service:
          oauth2: {authority: 'http://service.test', endpoints: {token: /revoked/token}, grant: client_credentials, client: {id: me, secret: s3cret}}
    do:
      - first: {call: http, with: {method: get, endpoint: {uri: 'http://service.test/protected/1', authentication: {use: service}}}}
      - pause: {listen: {to: {one: {with: {type: go.on}}}}}
      - second: {call: http, with: {method: get, endpoint: {uri: 'http://service.test/protected/2', authentication: {use: service}}}}
    """
    When the workflow is started
    And the workflow waits at /do/1/pause
    And the tokens are revoked
    And an event is sent:
    """yaml
    type: go.on
    """
    And the workflow has ended
    Then the workflow should be completed
    And POST /revoked/token should have been called 2 times
    And GET /protected/2 should have been called 2 times

  Scenario: Asks for a token again when the last one has expired
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: oauth-short, version: '1.0.0'}
    use:
      authentications:
        service:
          oauth2: {authority: 'http://service.test', endpoints: {token: /short/token}, grant: client_credentials, client: {id: short, secret: s3cret}}
    do:
      - first: {call: http, with: {method: get, endpoint: {uri: 'http://service.test/protected/1', authentication: {use: service}}}}
      - second: {call: http, with: {method: get, endpoint: {uri: 'http://service.test/protected/2', authentication: {use: service}}}}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /short/token should have been called 2 times

  Scenario: Finds the token endpoint of an OpenID Connect authority
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: oidc, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: get
            endpoint:
              uri: http://service.test/protected/4
              authentication:
                oidc: {authority: 'http://service.test/realm', grant: client_credentials, client: {id: me, secret: s3cret}, scopes: [api]}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /realm/token should have received body "grant_type=client_credentials&scope=openid%20api&client_id=me&client_secret=s3cret"

  Scenario: Faults with an authentication error where no token is to be had
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: oauth-refused, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: post
            endpoint:
              uri: http://service.test/protected/5
              authentication:
                oauth2: {authority: 'http://service.test', endpoints: {token: /refused/token}, grant: client_credentials, client: {id: me, secret: wrong}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/authentication
    status: 401
    instance: /do/0/ask
    """
    And POST /protected/5 should have been called 0 times

  Scenario: Tells a call how it is authorized
    Given a service that answers POST /secrets/told with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: authorization, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: post
            endpoint: {uri: 'http://service.test/secrets/told', authentication: {bearer: {token: abc}}}
            body: {scheme: "${ $authorization.scheme }", parameter: "${ $authorization.parameter }"}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /secrets/told should have received body '{"scheme":"Bearer","parameter":"abc"}'

  Scenario Outline: Tells a call which token it has got, and which replaces a refused one (<scheme>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: authorization-<scheme>, version: '1.0.0'}
    use:
      authentications:
        service:
          <scheme>: {authority: 'http://service.test/late', grant: client_credentials, client: {id: me, secret: s3cret}}
      functions:
        tell:
          call: http
          with:
            method: put
            endpoint: {uri: '${ "http://service.test/told/\(.n)" }', authentication: {use: service}}
            headers: {X-Token: '${ $authorization.parameter }'}
            query: {token: '${ $authorization.parameter }'}
            body: '${ $authorization }'
    do:
      - first: {call: tell, with: {n: 1}}
      - pause: {listen: {to: {one: {with: {type: renew.<scheme>}}}}}
      - second: {call: tell, with: {n: 2}}
    """
    When the workflow is started
    And the workflow waits at /do/1/pause
    And the tokens are revoked
    And an event is sent:
    """yaml
    type: renew.<scheme>
    """
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    {same: true}
    """
    And PUT /told/2 should have been called 2 times
    And "token-" should stand nowhere in the journal
    Examples:
      | scheme |
      | oauth2 |
      | oidc   |

  Scenario: Faults with an authentication error where the token that a call is told of is not to be had
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: authorization-none, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: put
            endpoint:
              uri: http://service.test/told/3
              authentication:
                oauth2: {authority: 'http://service.test', endpoints: {token: /refused/token}, grant: client_credentials, client: {id: me, secret: wrong}}
            body: "${ $authorization }"
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/authentication
    status: 401
    """
    And PUT /told/3 should have been called 0 times

  Scenario: Faults with an expression error where a request cannot be made of its token
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: authorization-broken, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: put
            endpoint:
              uri: http://service.test/told/4
              authentication:
                oauth2: {authority: 'http://service.test', endpoints: {token: /broken/token}, grant: client_credentials, client: {id: me, secret: s3cret}}
            body: "${ $authorization.parameter + 1 }"
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
    status: 400
    """
    And PUT /told/4 should have been called 0 times
    And "token-" should stand nowhere in the journal

  Scenario: Says why a call by digest cannot be told what its header is
    When the definition is refused because of unknown-argument at /do/0/ask/with/body:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: authorization-digest, version: '1.0.0'}
    do:
      - ask:
          call: http
          with:
            method: put
            endpoint: {uri: 'http://service.test/told/5', authentication: {digest: {username: a, password: b}}}
            body: "${ $authorization }"
    """

  Scenario: Shows no secret where an answer is given with its request
    Given a secret queryKey:
    """
    k3y-in-query
    """
    And a service that answers GET /secrets/shown with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-response, version: '1.0.0'}
    use: {secrets: [queryKey]}
    do:
      - ask:
          call: http
          with: {method: get, endpoint: http://service.test/secrets/shown, query: {key: "${ $secrets.queryKey }"}, output: response}
          output: {as: "{ok: .content.ok, hidden: (.request.uri | endswith(\"/***\"))}"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true, hidden: true}
    """
    And "k3y-in-query" should stand nowhere in the journal

  Scenario Outline: Shows no secret in an error (<place>)
    Given a secret errorKey:
    """
    k3y-in-error
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: secret-error-<place>, version: '1.0.0'}
    use: {secrets: [errorKey]}
    do:
      - ask:
          <task>
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
    status: 400
    """
    And "k3y-in-error" should stand nowhere in the journal
    Examples:
      | place     | task                                                                                                                                        |
      | call      | {call: http, with: {method: get, endpoint: 'http://service.test/x', headers: {k: "${ $secrets.errorKey + 1 }"}}}                             |
      | condition | {if: $secrets.errorKey + 1 == 2, set: {x: 1}}                                                                                                |
      | input     | {input: {from: "{k: $secrets.errorKey}"}, call: http, with: {method: get, endpoint: 'http://service.test/x', headers: {k: "${ .k + 1 }"}}}    |
      | proof     | {call: http, with: {method: get, endpoint: {uri: 'http://service.test/x', authentication: {bearer: {token: "${ $secrets.errorKey + 1 }"}}}}}  |
