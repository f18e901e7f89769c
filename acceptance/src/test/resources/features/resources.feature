Feature: What stands elsewhere

  Scenario: Calls a function at an address, as it was at publish
    Given a service that answers GET /resources/double.yaml with 200:
    """
    input:
      schema: {document: {type: object, required: [n]}}
    set: {twice: "${ .n * 2 }"}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: resource-function, version: '1.0.0'}
    do:
      - double: {call: 'http://service.test/resources/double.yaml', with: {n: "${ .n }"}}
    """
    And given the workflow input is:
    """yaml
    {n: 21}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {twice: 42}
    """
    And GET /resources/double.yaml should have been called 1 times

  Scenario: Checks the input of a function at an address
    Given a service that answers GET /resources/strict.yaml with 200:
    """
    input: {schema: {document: {type: object, required: [n]}}}
    set: {ok: true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: resource-function-input, version: '1.0.0'}
    do:
      - ask: {call: 'http://service.test/resources/strict.yaml', with: {m: 1}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
    status: 400
    """

  Scenario: Calls a function of a catalog
    Given a service that answers GET /catalog/functions/greet/1.2.0/function.yaml with 200:
    """
    do:
      - make: {set: {text: "${ \"Hello \" + .name }"}}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catalog-function, version: '1.0.0'}
    use: {catalogs: {shared: {endpoint: {uri: 'http://service.test/catalog'}}}}
    do:
      - greet: {call: 'greet:1.2.0@shared', with: {name: Ann}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {text: Hello Ann}
    """

  Scenario: Refuses a function that is not in the catalog
    When the definition is refused because of resource-unavailable at /use/catalogs/shared/endpoint/uri:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catalog-missing, version: '1.0.0'}
    use: {catalogs: {shared: {endpoint: {uri: 'http://service.test/catalog'}}}}
    do:
      - greet: {call: 'nothing:1.0.0@shared'}
    """

  Scenario: Refuses a function elsewhere that is none
    Given a service that answers GET /resources/broken.yaml with 200:
    """
    cal: http
    """
    When the definition is refused because of invalid-function at /do/0/a/call:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: resource-broken, version: '1.0.0'}
    do:
      - a: {call: 'http://service.test/resources/broken.yaml'}
    """

  Scenario: Checks data by a schema that stands elsewhere
    Given a service that answers GET /resources/schema.json with 200:
    """
    {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: resource-schema, version: '1.0.0'}
    input: {schema: {resource: {endpoint: http://service.test/resources/schema.json}}}
    do:
      - a: {set: {ok: true}}
    """
    And given the workflow input is:
    """yaml
    {n: text}
    """
    Then its start is refused with 422 INPUT_INVALID at "/n"

  Scenario: Gets a resource with the tenant's secret
    Given a secret reader1:
    """
    {"username": "lib", "password": "card"}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: resource-auth, version: '1.0.0'}
    use: {secrets: [reader1]}
    input:
      schema:
        resource: {endpoint: {uri: 'http://service.test/basic-auth/lib/card', authentication: {basic: {use: reader1}}}}
    do:
      - a: {set: {ok: true}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """
