from django.urls import path

from portal.organisation import views

app_name = "organisation"
urlpatterns = [
    path("units/", views.UnitsPage.as_view(), name="units"),
    path("units/<str:code>/", views.UnitPage.as_view(), name="unit"),
    path("units/<str:code>/change/", views.ChangeIndex.as_view(), name="change"),
    path("units/<str:code>/change/<slug:kind>/", views.ChangeUnit.as_view(), name="change-unit"),
    path("units/<str:code>/changes/<int:pk>/", views.ChangeRecord.as_view(), name="change-record"),
    path("units/<str:code>/changes/<int:pk>/withdraw/", views.WithdrawChange.as_view(), name="withdraw-change"),
    path("units/<str:code>/handover/", views.HandOver.as_view(), name="handover"),
    path("units/<str:code>/handover/<int:pk>/", views.HandedOver.as_view(), name="handed-over"),
    path("units/<str:code>/group/", views.MakeGroup.as_view(), name="make-group"),
    path("units/<str:code>/group/seat/", views.Seat.as_view(), name="seat"),
    path("units/<str:code>/group/seats/<int:pk>/end/", views.Unseat.as_view(), name="unseat"),
    path("units/<str:code>/posts/<int:pk>/appoint/", views.Appoint.as_view(), name="appoint"),
    path("units/<str:code>/posts/<int:pk>/acting/", views.NameActing.as_view(), name="name-acting"),
    path("units/<str:code>/tenures/<int:pk>/end/", views.EndTenure.as_view(), name="end-tenure"),
    path("groups/", views.GroupsPage.as_view(), name="groups"),
    path("persons/<str:number>/account/", views.CreateAccount.as_view(), name="create-account"),
    path("persons/<str:number>/account/made/", views.AccountMade.as_view(), name="account-made"),
    path("imports/units/", views.ImportUnits.as_view(), name="import"),
    path("imports/units/template/", views.ImportTemplate.as_view(), name="import-template"),
    path("imports/units/<int:pk>/", views.CheckImport.as_view(), name="import-check"),
    path("accounts/", views.AccountsPage.as_view(), name="accounts"),
    path("accounts/<str:username>/close/", views.CloseAccount.as_view(), name="close-account"),
    path("accounts/<str:username>/open/", views.OpenAccount.as_view(), name="open-account"),
    path("people/", views.PeoplePage.as_view(), name="people"),
    path("people/invite/", views.InvitePeople.as_view(), name="invite"),
    path("imports/persons/", views.ImportPersons.as_view(), name="import-persons"),
    path("imports/persons/template/", views.PersonsTemplate.as_view(), name="import-persons-template"),
    path("imports/persons/<int:pk>/", views.CheckPersons.as_view(), name="import-persons-check"),
]
