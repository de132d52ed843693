"""What is this service, and which collections does it have?"""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.answers import dumps, read_answer
from api.auth import roles
from api.deps import SceneDep, VisitorDep
from api.gate import GateRoute
from api.ogc import documents
from api.ogc.links import HTML, JSON, OPENAPI, SCHEMA, told
from api.ogc.scene import Scene
from api.pages.render import document
from api.texts import page_texts

router = APIRouter(route_class=GateRoute, tags=["ogc"])


@router.get("/ogc", response_class=Response, responses=told(JSON, HTML))
def landing(request: Request, scene: SceneDep) -> Response:
    """Describe the service and where to go from here."""
    return _show(request, scene, documents.landing(scene, page_texts(scene.lang)))


@router.get("/ogc/api", response_class=Response, responses=told(OPENAPI))
def api(request: Request) -> Response:
    """Describe every route as OpenAPI 3.0."""
    return read_answer(request, dumps(request.app.openapi()), OPENAPI)


@router.get("/ogc/conformance", response_class=Response, responses=told(JSON, HTML))
def conformance(request: Request, scene: SceneDep) -> Response:
    """List the parts of the standard that are kept."""
    return _show(request, scene, documents.conformance(scene))


@router.get("/ogc/collections", response_class=Response, responses=told(JSON, HTML))
def collections(request: Request, scene: SceneDep, who: VisitorDep) -> Response:
    """Describe every collection the caller may read."""
    names = roles.readable(who.role if who else None)
    return _show(request, scene, documents.collections(scene, names))


@router.get("/ogc/collections/{collection_id}", response_class=Response, responses=told(JSON, HTML))
def collection(request: Request, scene: SceneDep, collection_id: str) -> Response:
    """Describe one collection."""
    return _show(request, scene, documents.collection(scene, collection_id))


@router.get(
    "/ogc/collections/{collection_id}/queryables", response_class=Response, responses=told(SCHEMA)
)
def queryables(request: Request, scene: SceneDep, collection_id: str) -> Response:
    """Describe by what a collection can be filtered."""
    return read_answer(request, dumps(documents.queryables(scene, collection_id)), SCHEMA)


@router.get(
    "/ogc/collections/{collection_id}/schema", response_class=Response, responses=told(SCHEMA)
)
def schema(request: Request, scene: SceneDep, collection_id: str) -> Response:
    """Describe every column of a collection."""
    return read_answer(request, dumps(documents.schema(scene, collection_id)), SCHEMA)


def _show(request: Request, scene: Scene, content: dict[str, Any]) -> Response:
    """Answer with a document, as JSON or as a page."""
    if scene.html:
        return document(request, scene, content)
    return read_answer(request, dumps(content), JSON)
