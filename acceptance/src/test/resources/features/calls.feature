Feature: Calls

  Scenario Outline: Sends a request as the document says (<method>)
    Given a service that answers <METHOD> /calls/echo with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: http-<method>, version: '1.0.0'}
    do:
      - ask:
          call: http
          with: {method: <method>, endpoint: "http://service.test/calls/echo", output: response}
          output: {as: "{status: .statusCode, method: .request.method}"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {status: 200, method: <method>}
    """
    And <METHOD> /calls/echo should have been called 1 times
    Examples:
      | method  | METHOD  |
      | get     | GET     |
      | post    | POST    |
      | put     | PUT     |
      | patch   | PATCH   |
      | delete  | DELETE  |
      | options | OPTIONS |

  Scenario Outline: Gives the answer in the form that is asked for (<form>)
    Given a service that answers GET /calls/form with 200:
    """
    {"n": 1}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: http-form-<form>, version: '1.0.0'}
    do:
      - ask: {call: http, with: {method: get, endpoint: "http://service.test/calls/form", output: <form>}, output: {as: <as>}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | form     | as                           | output                           |
      | content  | .                            | {n: 1}                           |
      | raw      | .                            | eyJuIjogMX0=                     |
      | response | "{c: .content, s: .statusCode}" | {c: {n: 1}, s: 200} |

  Scenario: A function gets what the call gives it, and its output is checked
    Given a function with definition:
    """yaml
    function: double
    namespace: gantry
    version: 1.0.0
    runtime: {class: faas, local-mock: {result: {twice: "${input.n}"}}}
    input: {schema: {document: {type: object, required: [n]}}}
    output: {schema: {document: {type: object, required: [twice]}}}
    tags: {owner: a, domain: b, sensitivity: c, lifecycle: experimental}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: call-function, version: '1.0.0'}
    do:
      - ask: {call: "double:1.0.0@default", with: {n: "${ .x + 1 }"}}
    """
    And given the workflow input is:
    """yaml
    {x: 4}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {twice: 5}
    """

  Scenario: A function refuses input that does not match its schema
    Given a function with definition:
    """yaml
    function: strict
    namespace: gantry
    version: 1.0.0
    runtime: {class: faas}
    input: {schema: {document: {type: object, required: [n]}}}
    tags: {owner: a, domain: b, sensitivity: c, lifecycle: experimental}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: call-strict, version: '1.0.0'}
    do:
      - ask: {call: "strict:1.0.0@default", with: {m: 1}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/validation, instance: /do/0/ask}
    """

  Scenario: A function refuses to give what does not match its schema
    Given a function with definition:
    """yaml
    function: sloppy
    namespace: gantry
    version: 1.0.0
    runtime: {class: faas, local-mock: {result: {other: 1}}}
    output: {schema: {document: {type: object, required: [n]}}}
    tags: {owner: a, domain: b, sensitivity: c, lifecycle: experimental}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: call-sloppy, version: '1.0.0'}
    do:
      - ask: {call: "sloppy:1.0.0@default"}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/validation, instance: /do/0/ask}
    """

  Scenario: A function of the document runs as a task of its own
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: use-function, version: '1.0.0'}
    use:
      functions:
        greet:
          set: {text: '${ "Hello \(.name)" }'}
    do:
      - ask: {call: greet, with: {name: "${ .who }"}}
    """
    And given the workflow input is:
    """yaml
    {who: Ann}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {text: Hello Ann}
    """

  Scenario Outline: Proves who calls (<password>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: auth-<password>, version: '1.0.0'}
    use: {authentications: {bank: {basic: {username: ann, password: '${ .password }'}}}}
    do:
      - attempt:
          try:
            - ask: {call: http, with: {method: get, endpoint: {uri: "https://httpbin.org/basic-auth/ann/secret", authentication: {use: bank}}}}
          catch:
            errors: {with: {status: 401}}
            do: [{refused: {set: {authenticated: refused}}}]
    """
    And given the workflow input is:
    """yaml
    {password: <password>}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {authenticated: <result>}
    """
    Examples:
      | password | result  |
      | secret   | true    |
      | wrong    | refused |

  Scenario: Says which parameter an OpenAPI operation lacks
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: openapi-missing, version: '1.0.0'}
    do:
      - ask:
          call: openapi
          with: {document: {endpoint: "https://petstore.swagger.io/v2/swagger.json"}, operationId: getPetById}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration, instance: /do/0/ask}
    """

  Scenario: Does not reach what the egress policy closes
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: egress, version: '1.0.0'}
    do:
      - ask: {call: http, with: {method: get, endpoint: "http://169.254.169.254/latest/meta-data"}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {instance: /do/0/ask}
    """

  Scenario: An event starts a workflow with itself as input
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: started-by-event, version: '1.0.0'}
    schedule: {on: {one: {with: {type: calls.begin}}}}
    do:
      - tell: {emit: {event: {with: {type: calls.begun, data: {n: "${ .[0].data.n + 1 }"}}}}}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: hears-start, version: '1.0.0'}
    do:
      - begin: {emit: {event: {with: {type: calls.begin, data: {n: 1}}}}}
      - hear: {listen: {to: {one: {with: {type: calls.begun}}}}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [{n: 2}]
    """
